package dev.rszshm.structures.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Participant;
import dev.rszshm.structures.channel.ChannelSpec.Width;
import dev.rszshm.structures.channel.errors.NotAChannelException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is seen of a channel by somebody who is attached for reading only. */
class ChannelViewTest {
  private static final ChannelSpec SPEC = ChannelSpec.of(3, Width.variable(20)).acknowledged();

  private static final long SENDING = 144;
  private static final long ENDING = 432;
  private static final long SENDER_ROLE = 440;
  private static final long RECEIVER_ROLE = 448;

  private final TwoProcesses processes = new TwoProcesses();
  private final Heap reader = Heap.builder().readOnly().anyAddress().attach(processes.here.path());

  @AfterEach
  void close() {
    reader.close();
    processes.close();
  }

  private static List<Integer> tags(List<Participant> participants) {
    return participants.stream().map(Participant::tag).toList();
  }

  @Test
  void aReaderSeesWhatIsThereAndWhoUsesIt() throws Exception {
    Channel here = Channel.at(processes.here, processes.offset, SPEC);
    Channel there = Channel.at(processes.there, processes.offset, SPEC);
    ChannelView view = ChannelView.at(reader, processes.offset);
    assertEquals(SPEC, view.spec());
    assertEquals(0, view.size());
    assertTrue(view.senders().isEmpty() && view.receivers().isEmpty());
    here.send(new byte[3]);
    here.send(new byte[4]);
    assertEquals(2, view.size());
    Message message = there.take();
    assertEquals(1, view.size());
    assertEquals(1, view.unacknowledged());
    assertEquals(List.of(processes.here.self().orElseThrow().tag()), tags(view.senders()));
    assertEquals(List.of(processes.there.self().orElseThrow().tag()), tags(view.receivers()));
    message.done();
    assertEquals(0, view.unacknowledged());
    assertFalse(view.isShutdown());
    here.shutdown();
    assertTrue(view.isShutdown());
    processes.there.close();
    assertTrue(view.receivers().isEmpty());
  }

  @Test
  void aReaderSeesWhoHasTheSingleEnds() {
    ChannelSpec spec = ChannelSpec.of(3, Width.variable(20)).singleSender().singleReceiver();
    Channel here = Channel.at(processes.here, processes.offset, spec);
    Channel there = Channel.at(processes.there, processes.offset, spec);
    ChannelView view = ChannelView.at(reader, processes.offset);
    assertTrue(view.singleSender().isEmpty() && view.singleReceiver().isEmpty());
    assertTrue(here.trySend(new byte[3]));
    assertTrue(there.tryReceive().isPresent());
    assertEquals(
        processes.here.self().orElseThrow().tag(), view.singleSender().orElseThrow().tag());
    assertEquals(
        processes.there.self().orElseThrow().tag(), view.singleReceiver().orElseThrow().tag());
    assertTrue(view.singleReceiver().orElseThrow().alive());
    assertEquals(List.of(), view.check());
    here.leave();
    assertTrue(view.singleSender().isEmpty());
    processes.there.close();
    assertTrue(view.singleReceiver().isEmpty(), "who has closed is forgotten");
  }

  @Test
  void aCheckTellsWordsOfSingleEndsThatCannotBe() {
    ChannelSpec any = ChannelSpec.of(3, Width.variable(20));
    requireFinding(any, SENDING, 1, "any number of senders");
    requireFinding(any, ENDING, 1, "any number of senders");
    requireFinding(any, SENDER_ROLE, 70, "any number of senders, and has the tag 70");
    requireFinding(any, RECEIVER_ROLE, 70, "any number of receivers, and has the tag 70");
    ChannelSpec one = any.singleSender().singleReceiver();
    requireFinding(one, SENDING, 3, "send at 0x3, which is no position");
    requireFinding(one, ENDING, 3, "expected 0 to 2");
    requireFinding(one, SENDER_ROLE, -1, "no participant's tag");
    requireFinding(one, RECEIVER_ROLE, 1 << 30, "no participant's tag");
    Channel channel = Channel.at(processes.here, processes.offset, one);
    channel.shutdown();
    assertEquals(List.of(), ChannelView.at(reader, processes.offset).check());
    requireFinding(one, ENDING, 0, "it is not shut down");
  }

  private void requireFinding(ChannelSpec spec, long field, int word, String expected) {
    Channel channel = Channel.at(processes.here, processes.offset, spec);
    int before = processes.here.getInt(channel.offset() + field);
    processes.here.putInt(channel.offset() + field, word);
    List<String> findings = ChannelView.at(reader, processes.offset).check();
    assertEquals(1, findings.size(), () -> expected + ": " + findings);
    assertTrue(findings.get(0).contains(expected), findings::toString);
    processes.here.putInt(channel.offset() + field, before);
    if (!channel.isShutdown()) {
      processes.here.fill(channel.offset(), spec.length(processes.here), (byte) 0);
    }
  }

  @Test
  void whatIsNoChannelIsRefused() {
    assertThrows(NotAChannelException.class, () -> ChannelView.at(reader, processes.offset + 4096));
    reader.close();
    assertThrows(IllegalStateException.class, () -> ChannelView.at(reader, processes.offset));
  }
}
