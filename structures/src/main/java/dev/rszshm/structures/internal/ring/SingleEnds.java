package dev.rszshm.structures.internal.ring;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Participant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The words of single senders and receivers, for those who look and change nothing. */
public final class SingleEnds {
  private final RingView ring;
  private final Heap heap;
  private final RingGeometry geometry;

  /** Those of a ring. */
  public SingleEnds(RingView ring) {
    this.ring = ring;
    this.heap = ring.heap;
    this.geometry = ring.geometry;
  }

  /** The participant that has the sending end, dead or alive. */
  public Optional<Participant> sender() {
    return holder(RingLayout.SENDER_ROLE);
  }

  /** The participant that has the receiving end, dead or alive. */
  public Optional<Participant> receiver() {
    return holder(RingLayout.RECEIVER_ROLE);
  }

  private int word(int field) {
    return heap.getIntVolatile(ring.offset + field);
  }

  private Optional<Participant> holder(int field) {
    int tag = word(field);
    return tag == 0 ? Optional.empty() : heap.participant(tag);
  }

  /** Returns what cannot be so; empty if nothing is wrong. */
  List<String> check() {
    List<String> findings = new ArrayList<>();
    checkRole(findings, "sender", RingLayout.SENDER_ROLE, geometry.hasSingleSender());
    checkRole(findings, "receiver", RingLayout.RECEIVER_ROLE, geometry.hasSingleReceiver());
    long sending = heap.getLongVolatile(ring.offset + RingLayout.SENDING);
    int ending = word(RingLayout.ENDING);
    if (!geometry.hasSingleSender()) {
      if (sending != 0 || ending != SingleSender.OPEN) {
        findings.add(
            String.format(
                Locale.ROOT,
                "it is for any number of senders, and says 0x%x and %d of a single one, expected 0",
                sending,
                ending));
      }
    } else if (sending != 0 && (!ring.isPosition(sending) || sending < geometry.first())) {
      findings.add(
          String.format(
              Locale.ROOT, "its sender is said to send at 0x%x, which is no position", sending));
    } else if (ending < SingleSender.OPEN || ending > SingleSender.FENCED) {
      findings.add("it says " + ending + " for whether it is shut down, expected 0 to 2");
    }
    return findings;
  }

  private void checkRole(List<String> findings, String name, int field, boolean isSingle) {
    int tag = word(field);
    if (tag != 0 && !isSingle) {
      findings.add("it is for any number of " + name + "s, and has the tag " + tag + " of one");
    } else if (tag >>> Participant.TAG_BITS != 0) {
      findings.add("its " + name + " is said to be " + tag + ", which is no participant's tag");
    }
  }
}
