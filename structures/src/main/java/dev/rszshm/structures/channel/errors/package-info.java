/** What can go wrong with a channel, one type for each cause. */
package dev.rszshm.structures.channel.errors;
