package dev.rszshm.structures.internal.ring;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.Channel;
import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.structures.channel.ChannelSpec.Width;
import dev.rszshm.structures.channel.TwoProcesses;
import dev.rszshm.structures.channel.errors.PeerDiedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who learns that all at the other end are gone. The time-out only ends a test that hangs. */
@Timeout(300)
class PeersTest {
  private static final int WAITERS = 3;

  @Test
  void eachThreadThatWaitsWithAHandleIsToldAndWhoeverComesLaterWaits() throws Exception {
    try (Heap here = Heap.builder().createAnonymous();
        Heap there = Heap.builder().anyAddress().attach(here.path())) {
      ChannelSpec spec = ChannelSpec.of(4, Width.fixed(1));
      here.ensure(here.dataOffset() + spec.length(here));
      Channel receiver = Channel.at(here, here.dataOffset(), spec);
      Channel.at(there, here.dataOffset()).send(new byte[1]);
      receiver.receive();

      List<FutureTask<byte[]>> waiting = new ArrayList<>();
      for (int i = 0; i < WAITERS; i++) {
        waiting.add(TwoProcesses.start(receiver::receive));
      }
      while (here.wake(receiver.offset() + RingLayout.NOT_EMPTY, WAITERS) < WAITERS) {
        Thread.onSpinWait();
      }
      there.close();
      for (FutureTask<byte[]> task : waiting) {
        Throwable cause = assertThrows(ExecutionException.class, task::get).getCause();
        assertTrue(cause instanceof PeerDiedException, String.valueOf(cause));
      }
      assertTrue(receiver.receive(Duration.ofMillis(120)).isEmpty());
    }
  }

  @Test
  void aHandleThatWaitsForPeersWaitsForOthersToCome() throws Exception {
    try (Heap here = Heap.builder().createAnonymous();
        Heap first = Heap.builder().anyAddress().attach(here.path());
        Heap second = Heap.builder().anyAddress().attach(here.path())) {
      ChannelSpec spec = ChannelSpec.of(1, Width.fixed(1));
      here.ensure(here.dataOffset() + spec.length(here));
      Channel sender = Channel.at(here, here.dataOffset(), spec).waitingForPeers();
      Channel receiver = Channel.at(first, here.dataOffset());
      sender.send(new byte[1]);
      receiver.receive();
      first.close();
      sender.send(new byte[1]);
      assertFalse(sender.send(new byte[1], Duration.ofMillis(120)), "it waits, and is not told");
      FutureTask<Boolean> sending =
          TwoProcesses.start(() -> sender.send(new byte[1], Duration.ofMinutes(3)));
      Channel other = Channel.at(second, here.dataOffset());
      other.receive();
      assertTrue(TwoProcesses.get(sending));
      second.close();
      assertThrows(
          PeerDiedException.class,
          () -> Channel.at(here, here.dataOffset()).send(new byte[1], Duration.ofMinutes(3)));
    }
  }
}
