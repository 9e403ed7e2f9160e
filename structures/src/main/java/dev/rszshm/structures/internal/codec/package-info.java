/** The codecs of structures, which keep the formats of what they hold. */
@NullMarked
package dev.rszshm.structures.internal.codec;

import org.jspecify.annotations.NullMarked;
