/** The ring under channels, topics and requests: messages in order, for any number of processes. */
@NullMarked
package dev.rszshm.structures.internal.ring;

import org.jspecify.annotations.NullMarked;
