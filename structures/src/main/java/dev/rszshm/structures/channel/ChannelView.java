package dev.rszshm.structures.channel;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Participant;
import dev.rszshm.structures.channel.errors.NotAChannelException;
import dev.rszshm.structures.internal.process.NamedPlace;
import dev.rszshm.structures.internal.ring.ArrivedPeers;
import dev.rszshm.structures.internal.ring.CompositeView;
import dev.rszshm.structures.internal.ring.RingContents;
import dev.rszshm.structures.internal.ring.RingCreation;
import dev.rszshm.structures.internal.ring.RingGeometry;
import dev.rszshm.structures.internal.ring.RingLayout;
import dev.rszshm.structures.internal.ring.RingView;
import dev.rszshm.structures.internal.ring.SingleEnds;
import java.util.List;
import java.util.Optional;

/**
 * Looks at a channel and changes nothing: for tools, and for a heap that is attached for reading
 * only.
 *
 * <p>All methods may be called by any thread at any time. What they return was so at some moment of
 * the call. They throw {@link IllegalStateException} if the heap is closed, and {@link
 * dev.rszshm.structures.channel.errors.DamagedChannelException} if what is there cannot be.
 */
public final class ChannelView {
  private final Heap heap;
  private final long offset;
  private final ChannelSpec spec;
  private final RingView ring;

  private ChannelView(Heap heap, long offset, ChannelSpec spec) {
    this.heap = heap;
    this.offset = offset;
    this.spec = spec;
    this.ring = new RingView(heap, offset, RingGeometry.of(spec, heap.participantSlots()));
  }

  /**
   * Returns a view of the channel at an offset.
   *
   * @throws NotAChannelException if there is none
   */
  public static ChannelView at(Heap heap, long offset) {
    return new ChannelView(heap, offset, RingCreation.look(heap, offset));
  }

  /**
   * Finds the channel of a name.
   *
   * @return a view of it; empty if nobody has made one of this name yet, or the name stands for
   *     something else
   * @throws NotAChannelException if it is damaged
   */
  public static Optional<ChannelView> find(Allocator allocator, String name) {
    return NamedPlace.existing(allocator, name, Channel.ROOT_TYPE, RingLayout.ALIGNMENT)
        .map(place -> at(allocator.heap(), place));
  }

  /**
   * Returns a view of the channel that is inside a {@link dev.rszshm.structures.topic.Topic} or a
   * {@link dev.rszshm.structures.request.RequestChannel}.
   *
   * @param offset the offset of the topic or request channel
   * @param rootType which of the two it is: the type of its root
   * @throws NotAChannelException if there is none
   */
  public static ChannelView inside(Heap heap, long offset, long rootType) {
    return at(heap, CompositeView.channel(heap, offset, rootType));
  }

  /** Returns the kind of the channel. */
  public ChannelSpec spec() {
    return spec;
  }

  /**
   * Returns the number of messages that were sent and not received, those included that are being
   * sent, and each part as one. It looks at each of them.
   */
  public long size() {
    return ring.size();
  }

  /** Returns the number of messages that were received and not acknowledged. */
  public int unacknowledged() {
    return spec.isAcknowledged() ? ring.taken() : 0;
  }

  /**
   * Returns what is wrong with the channel; empty if nothing is. What messages contain is not
   * looked at. While others use the channel, a finding may come from two looks at two times: ask
   * again to be sure.
   */
  public List<String> check() {
    return new RingContents(ring).check();
  }

  /**
   * Returns copies of the messages that were sent and not received, the oldest first. Those that
   * are being sent, or are sent in parts, are not among them.
   *
   * @param most how many at most
   */
  public List<byte[]> messages(int most) {
    return new RingContents(ring).messages(most);
  }

  /** Returns whether the channel was shut down. There may still be messages to receive. */
  public boolean isShutdown() {
    return ring.isShutdown();
  }

  /** Returns the participants that live and have sent, or tried to. */
  public List<Participant> senders() {
    return peers(0);
  }

  /** Returns the participants that live and have received, or tried to. */
  public List<Participant> receivers() {
    return peers(1);
  }

  /**
   * Returns the participant that has the sending end of a channel with a {@link
   * ChannelSpec#singleSender single sender}, dead or alive. From a dead one the next sender takes
   * it. Empty if nobody has it, or one that is dead and forgotten.
   */
  public Optional<Participant> singleSender() {
    return new SingleEnds(ring).sender();
  }

  /**
   * Returns the participant that has the receiving end of a channel with a {@link
   * ChannelSpec#singleReceiver single receiver}, dead or alive; otherwise as {@link #singleSender}.
   */
  public Optional<Participant> singleReceiver() {
    return new SingleEnds(ring).receiver();
  }

  private List<Participant> peers(int end) {
    long counts = offset + RingLayout.COUNTS + end * ring.geometry.counts();
    return ArrivedPeers.at(heap, counts);
  }

  @Override
  public String toString() {
    return "a view of " + ring + " (" + spec + ")";
  }
}
