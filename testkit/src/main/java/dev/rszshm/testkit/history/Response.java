package dev.rszshm.testkit.history;

/**
 * The end of a call.
 *
 * @param result what the call returned, or null
 * @param at the logical time of the return
 */
public record Response<R>(R result, long at) {}
