/* server.h - an open node as a web site: pages, API and logs. */
#ifndef CAU_WEB_SERVER_H
#define CAU_WEB_SERVER_H

#include "view/node.h"

#define SERVER_THREADS_MAX 64

struct server;

struct server_options {
    const char *host; /* an address of this machine: 127.0.0.1, ::1, 0.0.0.0 */
    uint16_t port;    /* 0: any free one, see server_port */
    unsigned threads; /* 1..SERVER_THREADS_MAX; 0: one for each processor */
    bool
        behind_proxy; /* a proxy alone reaches the port: its word on address and TLS is taken */
    const char *notice; /* shown on every page of a demonstration node: a word id; NULL: none */
};

/* Listens and answers on threads of its own; once an hour needs and offers that ran out are marked as expired.
 * The node must be open for writing and outlive the server. Errors: RANGE (threads), BUSY (the
 * address is taken), IO. */
enum cau_err server_start(struct node *n, const struct server_options *options,
                          struct server **out);
uint16_t server_port(const struct server *s);
void server_stop(struct server *s); /* answers what is being answered, then ends */

#endif
