/** What makes bytes of objects, and objects of bytes. */
@NullMarked
package dev.rszshm.structures.codec;

import org.jspecify.annotations.NullMarked;
