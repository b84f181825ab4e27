/* attachment.h - files that records refer to by their SHA-256: minutes, texts of agreements. State of this node, never
 * exchanged: the log holds only the hash, so another node may have the record and not the file.
 *
 * Functions that write are called on the writer thread only (view/writer.h, writer_run). */
#ifndef CAU_STORE_ATTACHMENT_H
#define CAU_STORE_ATTACHMENT_H

#include "base/base.h"
#include "base/buf.h"
#include "base/digest.h"

#define ATTACHMENT_BYTES_MAX       ((size_t)16 << 20)
#define ATTACHMENT_MEDIA_BYTES_MAX 100

struct store;

/* Keeps a file, or counts one more use of it when it is there. Errors: RANGE (empty, too big, no media type), IO,
 * FULL. */
enum cau_err attachment_put(struct store *s, struct str media, struct str bytes,
                            int64_t made_ms);
/* Takes one use back; without any the file goes. What is not there is passed over. */
enum cau_err attachment_drop(struct store *s, const struct digest *hash);
/* Removes a file however often it was kept. */
enum cau_err attachment_erase(struct store *s, const struct digest *hash);

struct attachment {
    struct str media; /* "application/pdf" */
    uint64_t size;
    int64_t made_ms;
};
/* What is known of a file; media lives in a. Errors: UNKNOWN, MEMORY, IO. */
enum cau_err attachment_find(struct store *s, struct arena *a, const struct digest *hash,
                             struct attachment *out);
/* Appends its bytes, whose hash is looked at again. Errors: UNKNOWN, CORRUPT, MEMORY, IO. */
enum cau_err attachment_read(struct store *s, const struct digest *hash, struct buf *out);

/* Calls bad for each file whose bytes have another hash than its name, for the check of a node. */
enum cau_err attachment_check(struct store *s,
                              void (*bad)(void *ctx, const struct digest *hash), void *ctx);

#endif
