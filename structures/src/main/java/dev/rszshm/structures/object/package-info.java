/** Single objects in a heap, which are replaced as a whole. */
@NullMarked
package dev.rszshm.structures.object;

import org.jspecify.annotations.NullMarked;
