/**
 * Schedules as jqwik generates and shrinks them, beside the operations of the same test case. Who
 * uses this package needs jqwik, which is an optional dependency of the kit.
 */
package dev.rszshm.testkit.jqwik;
