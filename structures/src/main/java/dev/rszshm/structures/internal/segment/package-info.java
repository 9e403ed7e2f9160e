/** What structures have in common that grow by segments and refer to blocks of the allocator. */
@NullMarked
package dev.rszshm.structures.internal.segment;

import org.jspecify.annotations.NullMarked;
