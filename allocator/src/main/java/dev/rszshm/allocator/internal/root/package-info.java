/** Named entry points. */
@NullMarked
package dev.rszshm.allocator.internal.root;

import org.jspecify.annotations.NullMarked;
