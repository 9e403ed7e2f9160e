package dev.rszshm.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rszshm.heap.errors.AddressTakenException;
import dev.rszshm.heap.errors.AlreadyAttachedException;
import dev.rszshm.heap.errors.PeerGoneException;
import dev.rszshm.heap.spi.SystemCalls;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Heaps that go through a socket, between honest ends. */
class HeapSocketTest {
  private static final Duration LONG = Duration.ofMinutes(3);
  private static final Duration SHORT = Duration.ofMillis(30);

  @TempDir Path directory;

  private SocketPair pair;
  private HeapSocket here;
  private HeapSocket there;

  @BeforeEach
  void connect() throws IOException {
    pair = SocketPair.in(directory);
    here = HeapSocket.over(pair.here());
    there = HeapSocket.over(pair.there());
  }

  @AfterEach
  void disconnect() throws IOException {
    pair.close();
  }

  private static Heap small() {
    return Heap.builder().span(1 << 20).participants(4).createAnonymous();
  }

  @Test
  void aHeapArrivesAlsoWhenItsSenderHasClosedIt() throws Exception {
    Heap sent = small();
    long offset = sent.dataOffset();
    sent.putLong(offset, 42);
    assertTrue(here.send(sent, LONG));
    sent.close();
    pair.here().close();
    try (Heap received = there.receive(LONG).orElseThrow()) {
      assertEquals(42, received.getLong(offset));
      assertEquals(sent.address(), received.base());
      assertEquals(sent.id(), received.id());
      assertEquals(1, received.participants().stream().filter(Participant::alive).count());
      received.putLong(received.growTo(received.length() + 1) - 8, 5);
    }
  }

  @Test
  void aPlainFileArrivesAndCanGrowOnTheWay() throws Exception {
    try (Heap sent = Heap.builder().span(1 << 20).plain().createAnonymous()) {
      assertTrue(here.send(sent, LONG));
      sent.growTo(sent.length() + 1);
      try (Heap received = there.receive(Heap.builder().anyAddress(), LONG).orElseThrow()) {
        assertTrue(received.isPlain());
        assertEquals(sent.length(), received.length());
      }
    }
  }

  @Test
  void manyHeapsArriveInOrderAmongOtherBytesAndLeaveNoDescriptor() throws Exception {
    int before = HeapDescriptorTest.openFiles(directory);
    for (int i = 0; i < 50; i++) {
      try (Heap one = small();
          Heap two = small()) {
        here.send(one, LONG);
        here.send(two, LONG);
        pair.here().write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        there.receive(Heap.builder().anyAddress(), LONG).orElseThrow().close();
        try (Heap last = there.receive(Heap.builder().anyAddress(), LONG).orElseThrow()) {
          assertEquals(two.id(), last.id());
        }
        assertEquals(3, pair.there().read(ByteBuffer.allocate(10)));
      }
    }
    assertEquals(before, HeapDescriptorTest.openFiles(directory));
  }

  @Test
  void whereTheAddressIsTakenTheHeapIsRefusedUnlessItMayGoElsewhere() throws Exception {
    try (Heap sent = small()) {
      here.send(sent, LONG);
      assertThrows(AlreadyAttachedException.class, () -> there.receive(LONG));
      here.send(sent, LONG);
      try (Heap received = there.receive(Heap.builder().anyAddress(), LONG).orElseThrow()) {
        received.putLong(received.dataOffset(), 8);
        assertEquals(8, sent.getLong(sent.dataOffset()));
      }
    }
  }

  @Test
  void whatIsAtTheAddressIsNamed() throws Exception {
    Heap sent = small();
    here.send(sent, LONG);
    long address = sent.address();
    sent.close();
    SystemCalls system = SystemCalls.host();
    // The addresses of a closed heap come back a little later.
    Heap again = Heap.builder().anyAddress().span(1 << 20).createAnonymous();
    again.close();
    awaitFree(system, address);
    try {
      AddressTakenException thrown =
          assertThrows(AddressTakenException.class, () -> there.receive(LONG));
      assertTrue(thrown.getMessage().contains("0x" + Long.toHexString(address)));
    } finally {
      system.unmap(address, 4096);
    }
  }

  private static void awaitFree(SystemCalls system, long address) {
    for (int i = 0; ; i++) {
      try {
        assertEquals(address, system.reserve(address, 4096));
        return;
      } catch (RuntimeException e) {
        if (i == 1000) {
          throw e;
        }
        system.pause(10_000_000);
        Heap.builder().span(1 << 20).createAnonymous().close();
      }
    }
  }

  @Test
  void nothingComesInTime() throws Exception {
    assertEquals(Optional.empty(), there.receive(Duration.ZERO));
    assertEquals(Optional.empty(), there.receive(Duration.ofNanos(-1)));
    assertEquals(Optional.empty(), there.receive(SHORT));
    try (Heap heap = small()) {
      assertTrue(here.send(heap, Duration.ZERO));
      there.receive(Heap.builder().anyAddress(), Duration.ZERO).orElseThrow().close();
    }
  }

  @Test
  void aFullSocketTakesNoHeapInTimeAndOneAfterwards() throws Exception {
    pair.here().configureBlocking(false);
    ByteBuffer filling = ByteBuffer.allocate(1 << 16);
    long filled = 0;
    for (int n; (n = pair.here().write(filling.clear())) > 0; ) {
      filled += n;
    }
    try (Heap heap = small()) {
      while (here.send(heap, Duration.ZERO)) {
        filled += 0; // a last gap
      }
      assertFalse(here.send(heap, SHORT));
      CompletableFuture<Boolean> sent = CompletableFuture.supplyAsync(() -> send(heap));
      while (filled > 0) {
        filled -= pair.there().read(ByteBuffer.allocate((int) Math.min(filled, 1 << 16)));
      }
      assertTrue(sent.get());
      there.receive(Heap.builder().anyAddress(), LONG).orElseThrow().close();
    }
  }

  private boolean send(Heap heap) {
    try {
      return here.send(heap, LONG);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anInterruptEndsTheWait() throws Exception {
    FutureTask<Optional<Heap>> receiving = new FutureTask<>(() -> there.receive(LONG));
    Thread thread = new Thread(receiving);
    thread.start();
    thread.interrupt();
    ExecutionException thrown = assertThrows(ExecutionException.class, receiving::get);
    assertEquals(InterruptedException.class, thrown.getCause().getClass());
    thread.join();
    assertTrue(pair.there().isOpen());
  }

  @Test
  void anInterruptFromBeforeLosesNoHeap() throws Exception {
    try (Heap heap = small()) {
      Thread.currentThread().interrupt();
      assertThrows(InterruptedException.class, () -> here.send(heap, LONG));
      assertEquals(Optional.empty(), there.receive(Duration.ZERO));
      here.send(heap, LONG);
      Thread.currentThread().interrupt();
      assertThrows(InterruptedException.class, () -> there.receive(LONG));
      there.receive(Heap.builder().anyAddress(), LONG).orElseThrow().close();
    }
  }

  @Test
  void aVirtualThreadReceivesAndIsInterrupted() throws Exception {
    assumeTrue(Runtime.version().feature() >= 21, "skipped: before JDK 21");
    Method start = Thread.class.getMethod("startVirtualThread", Runnable.class);
    HeapBuilder anywhere = Heap.builder().anyAddress();
    FutureTask<Optional<Heap>> receiving = new FutureTask<>(() -> there.receive(anywhere, LONG));
    start.invoke(null, receiving);
    try (Heap heap = small()) {
      here.send(heap, LONG);
      receiving.get().orElseThrow().close();
    }
    FutureTask<Optional<Heap>> waiting = new FutureTask<>(() -> there.receive(LONG));
    ((Thread) start.invoke(null, waiting)).interrupt();
    ExecutionException thrown = assertThrows(ExecutionException.class, waiting::get);
    assertEquals(InterruptedException.class, thrown.getCause().getClass());
  }

  @Test
  void aCloseOfTheChannelEndsTheWait() throws Exception {
    FutureTask<Optional<Heap>> receiving = new FutureTask<>(() -> there.receive(LONG));
    new Thread(receiving).start();
    pair.there().close();
    ExecutionException thrown = assertThrows(ExecutionException.class, receiving::get);
    assertEquals(IllegalStateException.class, thrown.getCause().getClass());
    assertThrows(IllegalStateException.class, there::peer);
    assertThrows(IllegalStateException.class, () -> HeapSocket.over(pair.there()));
  }

  @Test
  void aPeerThatIsGoneIsToldFromOneThatIsSlow() throws Exception {
    pair.there().close();
    assertThrows(PeerGoneException.class, () -> here.receive(LONG));
    try (Heap heap = small()) {
      assertThrows(PeerGoneException.class, () -> here.send(heap, LONG));
    }
  }

  @Test
  void aClosedHeapIsNotSent() {
    Heap heap = small();
    heap.close();
    assertThrows(IllegalStateException.class, () -> here.send(heap, LONG));
  }

  @Test
  void thePeerIsKnown() {
    assertEquals(ProcessHandle.current().pid(), here.peer().pid());
    assertEquals(SystemCalls.host().effectiveUser(), there.peer().user());
  }

  @Test
  void theLingerTimeOfTheChannelStaysAndItsModeDoesNotMatter() throws Exception {
    pair.here().setOption(StandardSocketOptions.SO_LINGER, 7);
    int unset = pair.there().getOption(StandardSocketOptions.SO_LINGER);
    pair.there().configureBlocking(false);
    try (Heap heap = small()) {
      assertTrue(here.send(heap, LONG));
      there.receive(Heap.builder().anyAddress(), LONG).orElseThrow().close();
    }
    assertEquals(7, pair.here().getOption(StandardSocketOptions.SO_LINGER));
    assertEquals(unset, pair.there().getOption(StandardSocketOptions.SO_LINGER));
    assertFalse(pair.there().isBlocking());
  }

  @Test
  void theRightOneOfManySocketsIsFound() throws Exception {
    List<SocketPair> others = new ArrayList<>();
    try (Heap heap = small()) {
      for (int i = 0; i < 40; i++) {
        others.add(SocketPair.in(directory));
      }
      for (SocketPair other : others) {
        HeapSocket.over(other.here()).send(heap, LONG);
        HeapSocket.over(other.there())
            .receive(Heap.builder().anyAddress(), Duration.ZERO)
            .orElseThrow()
            .close();
      }
      assertEquals(Optional.empty(), there.receive(Duration.ZERO));
    } finally {
      for (SocketPair other : others) {
        other.close();
      }
    }
  }

  @Test
  void otherChannelsAreRefused() throws Exception {
    try (SocketChannel unconnected = SocketChannel.open(StandardProtocolFamily.UNIX);
        ServerSocketChannel server =
            ServerSocketChannel.open()
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        SocketChannel tcp = SocketChannel.open(server.getLocalAddress())) {
      assertThrows(NotYetConnectedException.class, () -> HeapSocket.over(unconnected));
      assertThrows(IllegalArgumentException.class, () -> HeapSocket.over(tcp));
    }
  }
}
