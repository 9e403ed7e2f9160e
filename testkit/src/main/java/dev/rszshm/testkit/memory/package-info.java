/** Memories that pass accesses on, for tests that look at, count or interrupt them. */
@NullMarked
package dev.rszshm.testkit.memory;

import org.jspecify.annotations.NullMarked;
