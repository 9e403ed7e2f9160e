package dev.rszshm.testkit.history;

import org.jspecify.annotations.Nullable;

/**
 * The end of a call.
 *
 * @param result what the call returned, or null
 * @param at the logical time of the return
 */
public record Response<R>(@Nullable R result, long at) {}
