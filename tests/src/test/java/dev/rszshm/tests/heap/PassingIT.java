package dev.rszshm.tests.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.HeapDescriptor;
import dev.rszshm.heap.HeapSocket;
import dev.rszshm.heap.Participant;
import dev.rszshm.testkit.process.WorkerContext;
import dev.rszshm.testkit.process.WorkerJob;
import dev.rszshm.testkit.process.WorkerJvm;
import dev.rszshm.testkit.process.WorkerProcess;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Heaps without a name, in several JVMs. */
class PassingIT {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  @TempDir Path directory;

  private UnixDomainSocketAddress address;
  private ServerSocketChannel server;
  private Heap heap;

  @BeforeEach
  void listen() throws IOException {
    address = UnixDomainSocketAddress.of(directory.resolve("socket"));
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address);
    heap = Heap.builder().span(1L << 30).participants(8).createAnonymous();
  }

  @AfterEach
  void close() throws IOException {
    heap.close();
    server.close();
  }

  private void give() throws IOException, InterruptedException {
    try (SocketChannel channel = server.accept()) {
      assertTrue(HeapSocket.over(channel).send(heap, LIMIT));
    }
  }

  private WorkerProcess receiver() {
    return WorkerJvm.of(Receiver.class).start(address.getPath());
  }

  private Participant of(WorkerProcess worker) {
    return heap.participants().stream()
        .filter(p -> p.pid() == worker.pid())
        .findFirst()
        .orElseThrow();
  }

  /** Receives a heap, and then does what it is told. */
  public static final class Receiver implements WorkerJob {
    @Override
    public void run(WorkerContext worker) throws Exception {
      Path socket = Path.of(worker.argument(0));
      try (Heap heap = received(socket)) {
        worker.say(Long.toHexString(heap.base()));
        for (String order = worker.hear().orElse("end");
            !order.equals("end");
            order = worker.hear().orElse("end")) {
          switch (order) {
            case "add" -> worker.say(heap.getAndAddLong(heap.dataOffset(), 1) + 1);
            case "grow" -> worker.say(heap.growTo(heap.length() + 1));
            case "path" -> worker.say(heap.path());
            default -> throw new IllegalArgumentException(order);
          }
        }
      }
    }

    private static Heap received(Path socket) throws IOException, InterruptedException {
      try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
        return HeapSocket.over(channel).receive(LIMIT).orElseThrow();
      }
    }
  }

  @Test
  void everyReceiverHasTheHeapAtItsAddressAndItsDeathIsKnown() throws Exception {
    try (WorkerProcess one = receiver();
        WorkerProcess two = receiver()) {
      give();
      give();
      String base = Long.toHexString(heap.address());
      one.expect(base);
      two.expect(base);
      assertEquals("1", one.ask("add"));
      assertEquals("2", two.ask("add"));
      long grown = Long.parseLong(two.ask("grow"));
      heap.putByte(grown - 1, (byte) 1);
      Participant first = of(one);
      Participant second = of(two);
      // What was sent is one open file for both; the locks must not be.
      one.kill();
      assertFalse(heap.isAlive(first.slot(), first.generation()));
      assertTrue(heap.isAlive(second.slot(), second.generation()));
      assertEquals(1, heap.reclaimDead());
      assertEquals("3", two.ask("add"));
      two.sayNoMore();
      two.awaitSuccess();
    }
  }

  @Test
  void theHeapLivesAsLongAsAnyReceiverAndGoesThroughIt() throws Exception {
    try (WorkerProcess last = receiver()) {
      give();
      last.next();
      heap.putLong(heap.dataOffset(), 41);
      heap.close();
      assertEquals("42", last.ask("add"));
      Path path = Path.of(last.ask("path"));
      try (Heap again = Heap.attach(path)) {
        assertEquals(42, again.getLong(again.dataOffset()));
        last.kill();
        again.growTo(again.length() + 1);
      }
      assertFalse(Files.exists(path));
    }
  }

  @Test
  void aReceiverThatWasStoppedReceives() throws Exception {
    try (WorkerProcess worker = receiver();
        SocketChannel channel = server.accept()) {
      worker.stop();
      assertTrue(HeapSocket.over(channel).send(heap, LIMIT));
      worker.resume();
      worker.expect(Long.toHexString(heap.address()));
      worker.sayNoMore();
      worker.awaitSuccess();
    }
  }

  /**
   * The taker has neither the memory of the giver's machine in its files, nor a path to the heap.
   */
  @Test
  void twoMountNamespacesShareAHeapThatHasNoPathInEither() throws Exception {
    List<String> unshare = List.of("unshare", "-Urm");
    assumeTrue(isAllowed(unshare), "skipped: this machine lets nobody make a mount namespace");
    List<String> command = new ArrayList<>(unshare);
    String ownMemory = "mount -t tmpfs none /dev/shm && exec \"$@\"";
    command.addAll(List.of("sh", "-c", ownMemory, "sh"));
    command.addAll(child(NamespaceTaker.class, address.getPath()).command());
    heap.putLong(heap.dataOffset(), 6);
    try (WorkerProcess taker = WorkerProcess.start(LIMIT, command)) {
      give();
      taker.expect(
          "other files, " + Long.toHexString(heap.address()) + ", found 6, no path to it here");
      heap.putInt(heap.dataOffset() + 8, 1);
      heap.wake(heap.dataOffset() + 8, 1);
      taker.expect("woken");
      taker.awaitSuccess();
      assertEquals(7, heap.getLong(heap.dataOffset()));
      assertTrue(heap.length() > 1 << 20);
    }
  }

  private static boolean isAllowed(List<String> unshare) throws InterruptedException {
    List<String> trial = new ArrayList<>(unshare);
    trial.addAll(List.of("sh", "-c", "mount -t tmpfs none /dev/shm"));
    try {
      Process process = new ProcessBuilder(trial).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Receives a heap in files of its own. */
  public static final class NamespaceTaker {
    public static void main(String[] arguments) throws Exception {
      boolean empty;
      try (var files = Files.list(Path.of("/dev/shm"))) {
        empty = files.findAny().isEmpty();
      }
      try (Heap heap = Receiver.received(Path.of(arguments[0]))) {
        long data = heap.dataOffset();
        String own = "/proc/" + ProcessHandle.current().pid() + "/fd/";
        System.out.printf(
            "%s, %x, found %d, %s%n",
            empty ? "other files" : "the same files",
            heap.base(),
            heap.getLong(data),
            heap.path().toString().startsWith(own) ? "no path to it here" : heap.path());
        heap.getAndAddLong(data, 1);
        heap.growTo((1 << 20) + 1);
        System.out.println(heap.waitWhile(data + 8, 0, LIMIT) ? "woken" : "not woken");
      }
    }
  }

  private static ProcessBuilder child(Class<?> main, Object... arguments) {
    List<String> command = WorkerJvm.commandOf(main);
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
  }

  private static String outputOf(Process process) throws IOException, InterruptedException {
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output.strip();
  }

  @Test
  void aStartedProgramInheritsNoDescriptorAndAttachesThroughItsParent() throws Exception {
    heap.putLong(heap.dataOffset(), 17);
    Process process = child(Child.class, heap.path()).start();
    assertEquals("inherited 0, found 17", outputOf(process));
  }

  @Test
  void aStartedProgramGetsTheHeapAsItsStandardInputAndMayOutliveItsParentsHeap() throws Exception {
    heap.putLong(heap.dataOffset(), 18);
    ProcessBuilder builder = child(Child.class);
    builder.redirectInput(heap.descriptor().path().toFile());
    Process process = builder.start();
    heap.close();
    assertEquals("inherited 1, found 18", outputOf(process));
  }

  /** Attaches to a path, or to its standard input. */
  public static final class Child {
    public static void main(String[] arguments) throws IOException {
      long inherited;
      try (var links = Files.list(Path.of("/proc/self/fd"))) {
        inherited = links.filter(Child::isHeap).count();
      }
      try (Heap heap =
          arguments.length == 0
              ? Heap.attach(HeapDescriptor.of(0))
              : Heap.attach(Path.of(arguments[0]))) {
        System.out.printf("inherited %d, found %d%n", inherited, heap.getLong(heap.dataOffset()));
      }
    }

    private static boolean isHeap(Path link) {
      try {
        return Files.readSymbolicLink(link).toString().startsWith("/memfd:rszshm");
      } catch (IOException closedMeanwhile) {
        return false;
      }
    }
  }
}
