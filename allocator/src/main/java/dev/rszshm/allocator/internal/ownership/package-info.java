/** Who has which lane, and what becomes of those of the dead. */
@NullMarked
package dev.rszshm.allocator.internal.ownership;

import org.jspecify.annotations.NullMarked;
