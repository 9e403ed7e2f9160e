/** What structures may do to slots that they change themselves. */
@NullMarked
package dev.rszshm.allocator.internal.settle;

import org.jspecify.annotations.NullMarked;
