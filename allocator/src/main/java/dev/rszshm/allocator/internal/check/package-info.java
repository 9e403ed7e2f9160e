/** What {@code Allocator.check} looks at. */
@NullMarked
package dev.rszshm.allocator.internal.check;

import org.jspecify.annotations.NullMarked;
