/** What structures have in common that grow by segments and refer to blocks of the allocator. */
package dev.rszshm.structures.internal.segment;
