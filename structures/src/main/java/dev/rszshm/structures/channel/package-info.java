/**
 * Channels: messages between the threads of any number of processes, which survive all of them.
 *
 * <p>{@link dev.rszshm.structures.channel.Channel} is what callers use; {@link
 * dev.rszshm.structures.channel.ChannelSpec} says of which kind; {@link
 * dev.rszshm.structures.channel.ChannelView} looks and changes nothing. Below it: {@code Ring},
 * {@code RingClaims} and {@code RingView} (messages in shared memory, in order, each received
 * once), {@code Pins} (messages that are read in place), {@code AcknowledgedReceipts} (messages
 * that are given again if their receiver dies), {@code PartSender} and {@code PartReceiver}
 * (messages that are longer than the ring), {@code RingWaiting} (waiting) and {@code Peers} (who is
 * at the other end). {@code RingLayout}, {@code Header} and {@code PartLayout} say what is where.
 *
 * <p>{@link dev.rszshm.structures.channel.Selector} waits for several channels, request channels
 * and subscriptions. {@link dev.rszshm.structures.topic.Topic} publishes to many, on the same ring:
 * {@code Subscribers} says how far each of them is. {@link
 * dev.rszshm.structures.request.RequestChannel} brings replies to those who ask: requests go
 * through a ring, replies through {@code ReplySlots}. {@code CompositeHeader} is how the two come
 * to be in a heap; {@code TopicLayout} and {@code RequestLayout} say what is where.
 */
@NullMarked
package dev.rszshm.structures.channel;

import org.jspecify.annotations.NullMarked;
