/*
 * Sending and receiving heaps: section 14 of docs/FORMAT.md.
 *
 * If a process dies here, the other end finds the end of the socket; no heap is harmed.
 */
#include "passing.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

struct message {
    unsigned char magic[8];
    uint32_t version;
    uint32_t length_of_message;
    unsigned char id[16];
    uint64_t addr;
    uint64_t max;
    uint64_t flen;
    uint32_t flags; /* bit 0: plain */
    uint32_t crc;
};

_Static_assert(sizeof(struct message) == 64, "message");
_Static_assert(offsetof(struct message, addr) == 32, "address");
_Static_assert(offsetof(struct message, crc) == 60, "CRC");

static const unsigned char magic[8] = "RSZPASS\n";

enum { VERSION = 1, PLAIN = 1, MOST_DESCRIPTORS = 253 };

union control {
    struct cmsghdr header; /* for the alignment */
    char bytes[CMSG_SPACE(MOST_DESCRIPTORS * sizeof(int))];
};

static bool failed(struct heap *heap, const char *call) {
    if (errno == EPIPE || errno == ECONNRESET)
        return heap_refuse(heap, EXIT_FAILED, "the other end has closed the socket or has died");
    if (errno == EAGAIN)
        return heap_refuse(heap, EXIT_FAILED, "the other end stands still: %s timed out", call);
    return heap_refuse(heap, EXIT_FAILED, "%s: %s", call, strerror(errno));
}

bool passing_connect(struct heap *heap, const char *path, int *result) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path)
        return heap_refuse(heap, EXIT_UNUSABLE, "has a socket with a name of %zu bytes, at most %zu",
                           strlen(path), sizeof address.sun_path - 1);
    memcpy(address.sun_path, path, strlen(path));
    struct timeval limit = {.tv_sec = 30};
    *result = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (*result < 0) return failed(heap, "socket");
    if (setsockopt(*result, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) != 0 ||
        setsockopt(*result, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit) != 0)
        return failed(heap, "setsockopt");
    if (connect(*result, (struct sockaddr *)&address, sizeof address) != 0)
        return failed(heap, "connect");
    struct ucred peer;
    socklen_t length = sizeof peer;
    if (getsockopt(*result, SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0)
        return failed(heap, "getsockopt");
    if (peer.uid == geteuid() || peer.uid == 0) return true;
    return heap_refuse(heap, EXIT_UNUSABLE,
                       "would be passed by user %u, expected %u (own) or 0 (root)",
                       (unsigned)peer.uid, (unsigned)geteuid());
}

/* Notes the first descriptor that comes, and closes all others. */
static void take(struct msghdr *header, int *descriptor, int *count) {
    for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c != NULL; c = CMSG_NXTHDR(header, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS) continue;
        for (size_t at = CMSG_LEN(0); at + sizeof(int) <= c->cmsg_len; at += sizeof(int)) {
            int next;
            memcpy(&next, (char *)c + at, sizeof next);
            if ((*count)++ == 0)
                *descriptor = next;
            else
                close(next);
        }
    }
}

static bool fill(struct heap *heap, int socket, struct message *message, int *descriptor) {
    size_t length = 0;
    int count = 0;
    while (length < sizeof *message) {
        union control control;
        struct iovec rest = {(char *)message + length, sizeof *message - length};
        struct msghdr header = {.msg_iov = &rest,
                                .msg_iovlen = 1,
                                .msg_control = &control,
                                .msg_controllen = sizeof control};
        ssize_t came = recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
        if (came < 0 && errno == EINTR) continue;
        if (came < 0) return failed(heap, "recvmsg");
        take(&header, descriptor, &count);
        if (header.msg_flags & MSG_CTRUNC)
            return heap_refuse(heap, EXIT_FAILED,
                               "the descriptor was lost: too many open files (MSG_CTRUNC)");
        if (came == 0)
            return heap_refuse(heap, EXIT_FAILED,
                               "the other end has closed the socket or has died, after %zu bytes",
                               length);
        length += (size_t)came;
        if (memcmp(message, magic, length < sizeof magic ? length : sizeof magic) != 0)
            return heap_refuse(heap, EXIT_UNUSABLE, "something else came, no message of a heap");
    }
    if (count == 1) return true;
    return heap_refuse(heap, EXIT_UNUSABLE, "came with %d descriptors, expected one", count);
}

static bool check_message(struct heap *heap, const struct message *message) {
    uint32_t crc = heap_crc32c((const unsigned char *)message, offsetof(struct message, crc));
    if (message->version == VERSION && message->length_of_message == sizeof *message &&
        message->crc == crc)
        return true;
    return heap_refuse(heap, EXIT_UNUSABLE,
                       "came with version %" PRIu32 ", length %" PRIu32 ", CRC %08" PRIx32
                       ", expected %d, %zu, %08" PRIx32,
                       message->version, message->length_of_message, message->crc, VERSION,
                       sizeof *message, crc);
}

/* A file in memory must be sealed; others cannot be. */
static bool check_seal(struct heap *heap, int descriptor) {
    char link[64], name[16] = "";
    snprintf(link, sizeof link, OWN_FILES "%d", descriptor);
    ssize_t length = readlink(link, name, sizeof name - 1);
    int seals = fcntl(descriptor, F_GET_SEALS);
    if (length > 0 && strncmp(name, "/memfd:", 7) == 0 && (seals < 0 || !(seals & F_SEAL_SHRINK)))
        return heap_refuse(heap, EXIT_UNUSABLE,
                           "is memory that is not sealed: it could be made shorter");
    return true;
}

/* Before anything is mapped. */
static bool check_same(struct heap *heap, const struct message *message) {
    const struct header *header = &heap->header;
    static const unsigned char none[16];
    const unsigned char *id = heap->plain ? none : header->id;
    if (memcmp(message->id, id, sizeof message->id) == 0 && message->addr == header->addr &&
        message->max == header->max && message->flen <= header->flen &&
        (message->flags & PLAIN) == (heap->plain ? PLAIN : 0u))
        return true;
    return heap_refuse(heap, EXIT_UNUSABLE, "is another heap than its message says");
}

bool passing_receive(struct heap *heap, int socket, char *path, size_t size) {
    struct message message;
    int descriptor = -1;
    bool done = fill(heap, socket, &message, &descriptor) && check_message(heap, &message) &&
                check_seal(heap, descriptor);
    if (done) {
        snprintf(path, size, OWN_FILES "%d", descriptor);
        done = heap_open(heap, path, true) && check_same(heap, &message) && heap_map(heap);
    }
    if (descriptor >= 0) close(descriptor);
    return done;
}

bool passing_send(struct heap *heap, int socket) {
    struct message message = {.version = VERSION,
                              .length_of_message = sizeof message,
                              .addr = heap->header.addr,
                              .max = heap->header.max,
                              .flen = heap->length,
                              .flags = heap->plain ? PLAIN : 0};
    memcpy(message.magic, magic, sizeof magic);
    if (!heap->plain) memcpy(message.id, heap->header.id, sizeof message.id);
    message.crc = heap_crc32c((unsigned char *)&message, offsetof(struct message, crc));
    size_t sent = 0;
    while (sent < sizeof message) {
        union control control = {0};
        struct iovec rest = {(char *)&message + sent, sizeof message - sent};
        struct msghdr header = {.msg_iov = &rest, .msg_iovlen = 1};
        if (sent == 0) {
            header.msg_control = &control;
            header.msg_controllen = CMSG_SPACE(sizeof(int));
            struct cmsghdr *rights = CMSG_FIRSTHDR(&header);
            rights->cmsg_level = SOL_SOCKET;
            rights->cmsg_type = SCM_RIGHTS;
            rights->cmsg_len = CMSG_LEN(sizeof(int));
            memcpy(CMSG_DATA(rights), &heap->fd, sizeof(int));
        }
        ssize_t more = sendmsg(socket, &header, MSG_NOSIGNAL);
        if (more < 0 && errno == EINTR) continue;
        if (more < 0) return failed(heap, "sendmsg");
        sent += (size_t)more;
    }
    return true;
}
