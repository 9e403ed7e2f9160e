/** What can go wrong with a channel, one type for each cause. */
@NullMarked
package dev.rszshm.structures.channel.errors;

import org.jspecify.annotations.NullMarked;
