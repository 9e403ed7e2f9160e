/** Messages that every subscriber receives. */
@NullMarked
package dev.rszshm.structures.topic;

import org.jspecify.annotations.NullMarked;
