/* lexicon_build_int.h - learning a lexicon with the number of threads and the room a test wants. */
#ifndef CAU_LANGUAGE_LEXICON_BUILD_INT_H
#define CAU_LANGUAGE_LEXICON_BUILD_INT_H

#include "language/lexicon_build.h"

#define LEXICON_APPROVED_WEIGHT 3 /* of an approved pair among the others */

/* lexicon_build_finish with 1 or 2 threads and a smaller hash (a power of 2, at most TRAIN_SLOTS_MAX). */
enum cau_err lexicon_build_finish_with(struct lexicon_build *b, unsigned threads,
                                       size_t slots_max,
                                       const struct lexicon_progress *progress,
                                       struct str *file);

#endif
