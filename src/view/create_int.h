/* create_int.h - making the files of a node: for create.c and backup.c. */
#ifndef CAU_VIEW_CREATE_INT_H
#define CAU_VIEW_CREATE_INT_H

#include "store/ckpt.h"
#include "view/node_int.h"

/* Makes the folder, which must be missing or empty, and sets the paths of n. Errors: REFUSED, FULL, IO. */
enum cau_err create_folder(struct node *n, const char *dir);
/* Makes ckpt.db with what is known of count logs. */
enum cau_err create_ckpt(struct node *n, const struct ckpt_last *last, size_t count);

#endif
