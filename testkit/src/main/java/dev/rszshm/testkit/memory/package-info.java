/** Memories that pass accesses on, for tests that look at, count or interrupt them. */
package dev.rszshm.testkit.memory;
