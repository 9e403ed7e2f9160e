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
  void whatIsNoChannelIsRefused() {
    assertThrows(NotAChannelException.class, () -> ChannelView.at(reader, processes.offset + 4096));
    reader.close();
    assertThrows(IllegalStateException.class, () -> ChannelView.at(reader, processes.offset));
  }
}
