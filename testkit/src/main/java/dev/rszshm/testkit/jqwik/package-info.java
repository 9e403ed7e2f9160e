/**
 * Schedules as jqwik generates and shrinks them, beside the operations of the same test case. Who
 * uses this package needs jqwik, which is an optional dependency of the kit.
 */
@NullMarked
package dev.rszshm.testkit.jqwik;

import org.jspecify.annotations.NullMarked;
