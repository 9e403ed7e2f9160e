package dev.rszshm.heap;

/**
 * The process at the other end of a socket, as the system knew it when it connected or began to
 * listen.
 *
 * @param pid its process id, or 0 if it cannot be seen from here
 * @param user its effective user
 * @param group its effective group
 */
public record PeerProcess(long pid, int user, int group) {}
