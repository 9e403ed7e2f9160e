/**
 * Channels: messages between the threads of any number of processes, which survive all of them.
 *
 * <p>{@link dev.rszshm.structures.channel.Channel} is what callers use; {@link
 * dev.rszshm.structures.channel.ChannelSpec} says of which kind. Below it: {@code Ring} (messages
 * in shared memory, in order, each received once), {@code Pins} (messages that are read in place),
 * {@code PartSender} and {@code PartReceiver} (messages that are longer than the ring), {@code
 * Patience} (waiting) and {@code Peers} (who is at the other end). {@code RingLayout}, {@code
 * Header} and {@code PartLayout} say what is where.
 */
package dev.rszshm.structures.channel;
