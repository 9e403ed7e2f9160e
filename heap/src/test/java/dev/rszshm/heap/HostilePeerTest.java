package dev.rszshm.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rszshm.heap.errors.DescriptorsLostException;
import dev.rszshm.heap.errors.ForeignPeerException;
import dev.rszshm.heap.errors.HeapAccessDeniedException;
import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.heap.errors.NoDescriptorException;
import dev.rszshm.heap.errors.NotAHeapException;
import dev.rszshm.heap.errors.NotAHeapMessageException;
import dev.rszshm.heap.errors.OtherHeapException;
import dev.rszshm.heap.errors.PeerGoneException;
import dev.rszshm.heap.errors.StalledPeerException;
import dev.rszshm.heap.errors.TruncatedHeapException;
import dev.rszshm.heap.errors.UnsealedHeapException;
import dev.rszshm.heap.internal.passing.PassedHeap;
import dev.rszshm.heap.internal.passing.PassedHeapLayout;
import dev.rszshm.heap.spi.DescriptorCalls;
import dev.rszshm.heap.spi.IncomingMessage;
import dev.rszshm.heap.spi.SystemCalls;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever comes through a socket: an exception of its own, and no descriptor that stays open. */
class HostilePeerTest {
  private static final Duration LONG = Duration.ofMinutes(3);
  private static final Duration SHORT = Duration.ofMillis(30);
  private static final SystemCalls SYSTEM = SystemCalls.host();

  @TempDir Path directory;

  private SocketPair pair;
  private Heap heap;
  private int openFiles;

  @BeforeEach
  void connect() throws IOException {
    heap = Heap.builder().span(1 << 20).participants(4).createAnonymous();
    pair = SocketPair.in(directory);
    DescriptorCalls.host();
    openFiles = HeapDescriptorTest.openFiles(directory);
  }

  @AfterEach
  void everyDescriptorIsClosed() throws IOException {
    try {
      assertEquals(openFiles, HeapDescriptorTest.openFiles(directory));
    } finally {
      pair.close();
      heap.close();
    }
  }

  private static Optional<Heap> receive(HeapSocket socket, Duration timeout)
      throws InterruptedException {
    return socket.receive(Heap.builder().anyAddress(), timeout);
  }

  private <T extends HeapException> T refused(Class<T> kind, Duration timeout) {
    return assertThrows(kind, () -> receive(HeapSocket.over(pair.there()), timeout));
  }

  private <T extends HeapException> T refused(Class<T> kind) {
    return refused(kind, LONG);
  }

  private byte[] message() {
    return heap.passed().encode();
  }

  private int number() {
    return heap.descriptor().number();
  }

  @Test
  void aMessageWithoutADescriptor() throws IOException {
    pair.send(message(), 0);
    refused(NoDescriptorException.class);
  }

  @Test
  void aMessageWithSeveralDescriptors() throws Exception {
    for (int count : new int[] {2, 3, IncomingMessage.MAX_DESCRIPTORS}) {
      int[] numbers = new int[count];
      Arrays.fill(numbers, number());
      try (SocketPair other = SocketPair.in(directory)) {
        other.send(message(), 0, numbers);
        NotAHeapMessageException thrown =
            assertThrows(
                NotAHeapMessageException.class,
                () -> receive(HeapSocket.over(other.there()), LONG));
        assertTrue(thrown.getMessage().contains(count + " descriptors"), thrown::getMessage);
      }
    }
  }

  @Test
  void oneDescriptorAfterTheOther() throws IOException {
    byte[] message = message();
    byte[] first = Arrays.copyOf(message, 10);
    pair.send(first, 0, number());
    pair.send(message, first.length, number());
    NotAHeapMessageException thrown = refused(NotAHeapMessageException.class);
    assertTrue(thrown.getMessage().contains("2 descriptors"), thrown::getMessage);
  }

  @Test
  void aDescriptorThatMeetsAFullTableOfOpenFiles() throws Exception {
    // The JVM's own threads must open nothing meanwhile: deciding how many compile, they read files
    // of the container.
    List<String> quiet =
        List.of(
            "-XX:-MaxFDLimit",
            "-XX:-UseContainerSupport",
            "-XX:-UseDynamicNumberOfCompilerThreads");
    ForkedJava end =
        ForkedJava.run(quiet, FullTableMain.class, directory.resolve("full").toString());
    assertTrue(end.output().endsWith("DescriptorsLostException, then the heap"), end::output);
    assertEquals(0, end.status());
  }

  @Test
  void textInsteadOfAMessageIsToldAtItsFirstByte() throws IOException {
    pair.send(new byte[] {'R', 'S', 'Z', 'X'}, 0, number());
    NotAHeapMessageException thrown = refused(NotAHeapMessageException.class);
    assertTrue(thrown.getMessage().contains("byte 3 is 0x58, expected 0x50"), thrown::getMessage);
  }

  @Test
  void aMessageOfWhichAnyBitIsOtherIsNeverTakenForTheHeap() throws Exception {
    Random random = new Random(4);
    for (int i = 0; i < PassedHeapLayout.MESSAGE_LENGTH; i++) {
      byte[] message = message();
      message[i] ^= (byte) (1 << random.nextInt(8));
      try (SocketPair other = SocketPair.in(directory)) {
        other.send(message, 0, number());
        assertThrows(
            NotAHeapMessageException.class,
            () -> receive(HeapSocket.over(other.there()), LONG),
            "byte " + i);
      }
    }
  }

  @Test
  void aMessageThatDescribesAnotherHeap() throws IOException {
    PassedHeap right = heap.passed();
    for (PassedHeap wrong :
        new PassedHeap[] {
          new PassedHeap(new UUID(1, 2), right.address(), right.span(), right.length(), false),
          new PassedHeap(right.id(), right.address() + 4096, right.span(), right.length(), false),
          new PassedHeap(right.id(), right.address(), right.span() + 1, right.length(), false),
          new PassedHeap(right.id(), right.address(), right.span(), right.length() + 1, false),
          new PassedHeap(right.id(), right.address(), right.span(), right.length(), true)
        }) {
      pair.send(wrong.encode(), 0, number());
      refused(OtherHeapException.class);
    }
  }

  @Test
  void aPartOfAMessageAndThenNothing() throws IOException {
    pair.send(Arrays.copyOf(message(), 63), 0, number());
    StalledPeerException thrown = refused(StalledPeerException.class, SHORT);
    assertTrue(thrown.getMessage().contains("after 63 of the 64 bytes"), thrown::getMessage);
  }

  @Test
  void aPartOfAMessageAndThenTheEnd() throws IOException {
    pair.send(Arrays.copyOf(message(), 5), 0, number());
    pair.here().close();
    openFiles--;
    refused(PeerGoneException.class);
  }

  @Test
  void aMessageByteByByte() throws Exception {
    byte[] message = message();
    for (int i = 0; i < message.length; i++) {
      byte[] one = {message[i]};
      pair.send(one, 0, i == 17 ? new int[] {number()} : new int[0]);
    }
    try (Heap received = receive(HeapSocket.over(pair.there()), LONG).orElseThrow()) {
      assertEquals(heap.id(), received.id());
    }
  }

  @Test
  void descriptorsOfOtherThings() throws IOException {
    Path text = Files.writeString(directory.resolve("text"), "x".repeat(5000));
    for (String path : new String[] {text.toString(), directory.toString(), "/dev/null"}) {
      int number = SYSTEM.open(path, false, true);
      try {
        pair.send(message(), 0, number);
        refused(NotAHeapException.class);
      } finally {
        SYSTEM.close(number);
      }
    }
    Files.delete(text);
    int socket = ProcSelf.descriptorsOf("socket:").get(0);
    pair.send(message(), 0, socket);
    refused(NotAHeapException.class);
    Process process = new ProcessBuilder("cat").start();
    try {
      pair.send(message(), 0, ProcSelf.descriptorsOf("pipe:").get(0));
      refused(NotAHeapException.class);
    } finally {
      process.getOutputStream().close();
      process.getInputStream().close();
      process.getErrorStream().close();
      process.destroyForcibly();
    }
  }

  /** The same bytes as the heap, in memory that has other seals. */
  private int copy(boolean sealed, long length) {
    int number = SYSTEM.createInMemory("copy");
    byte[] bytes = new byte[(int) heap.length()];
    SYSTEM.read(number(), bytes, 0);
    SYSTEM.write(number, bytes, 0);
    SYSTEM.truncate(number, length);
    if (sealed) {
      SYSTEM.forbidShrinking(number);
    }
    return number;
  }

  @Test
  void memoryThatThePeerCouldMakeShorter() throws IOException {
    int number = copy(false, heap.length());
    try {
      pair.send(message(), 0, number);
      refused(UnsealedHeapException.class);
    } finally {
      SYSTEM.close(number);
    }
  }

  @Test
  void memoryThatIsShorterThanItsHeaderSays() throws IOException {
    int number = copy(true, heap.length() - 4096);
    try {
      pair.send(message(), 0, number);
      refused(TruncatedHeapException.class);
    } finally {
      SYSTEM.close(number);
    }
  }

  @Test
  void anExceptionInTheMidstOfReceivingClosesWhatHasCome() throws IOException {
    pair.send(message(), 0, number());
    HeapSocket socket =
        new HeapSocket(
            pair.there(),
            false,
            faulty(
                (method, arguments, answer) -> {
                  if (method.equals("receive")) {
                    throw new StackOverflowError("injected");
                  }
                  return answer;
                }));
    assertThrows(StackOverflowError.class, () -> receive(socket, LONG));
  }

  @Test
  void descriptorsThatTheSystemCouldNotHandOver() throws IOException {
    pair.send(message(), 0, number());
    HeapSocket socket =
        new HeapSocket(
            pair.there(),
            false,
            faulty(
                (method, arguments, answer) -> {
                  if (method.equals("receive")) {
                    ((IncomingMessage) arguments[1]).truncate();
                  }
                  return answer;
                }));
    assertThrows(DescriptorsLostException.class, () -> receive(socket, LONG));
  }

  @Test
  void aPeerOfAnotherUserIsTrustedOnlyWhenAsked() throws Exception {
    int stranger = SYSTEM.effectiveUser() + 1;
    HeapSocket socket =
        new HeapSocket(
            pair.there(),
            false,
            faulty(
                (method, arguments, answer) ->
                    method.equals("peer") ? new DescriptorCalls.Peer(77, stranger, 5) : answer));
    ForeignPeerException thrown =
        assertThrows(ForeignPeerException.class, () -> receive(socket, Duration.ZERO));
    assertTrue(thrown.getMessage().contains("process 77, which belongs to user " + stranger));
    assertThrows(ForeignPeerException.class, () -> socket.send(heap, LONG));
    assertTrue(socket.foreignPeer().send(heap, LONG));
    receive(HeapSocket.over(pair.here()), LONG).orElseThrow().close();
    pair.send(message(), 0, number());
    receive(socket.foreignPeer(), LONG).orElseThrow().close();
  }

  @Test
  void memoryThatIsSealedAgainstGrowingIsForReading() throws Exception {
    byte[] message = message();
    pair.send(message, 0, number());
    seal(number(), 4);
    assertThrows(
        HeapAccessDeniedException.class, () -> receive(HeapSocket.over(pair.there()), LONG));
    pair.send(message, 0, number());
    HeapBuilder reading = Heap.builder().anyAddress().readOnly();
    try (Heap received = HeapSocket.over(pair.there()).receive(reading, LONG).orElseThrow()) {
      assertTrue(received.isReadOnly());
    }
  }

  private static void seal(int number, int seals) throws IOException, InterruptedException {
    String program = "import fcntl,sys; fcntl.fcntl(1, 1033, " + seals + ")";
    Process process =
        new ProcessBuilder("python3", "-c", program)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(Path.of("/proc/self/fd/" + number).toFile()))
            .start();
    assumeTrue(process.waitFor() == 0, "skipped: no python3 that can seal");
  }

  /** What is done to a call that was made. */
  private interface Fault {
    Object apply(String method, Object[] arguments, Object answer);
  }

  private static DescriptorCalls faulty(Fault fault) {
    return (DescriptorCalls)
        Proxy.newProxyInstance(
            DescriptorCalls.class.getClassLoader(),
            new Class<?>[] {DescriptorCalls.class},
            (proxy, method, arguments) -> {
              try {
                Object answer = method.invoke(DescriptorCalls.host(), arguments);
                return fault.apply(method.getName(), arguments, answer);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** Sends so many bytes at a time, so often; then there is no room any more. */
  private HeapSocket sendingInParts(int length, int parts) {
    AtomicInteger left = new AtomicInteger(parts);
    DescriptorCalls calls =
        (DescriptorCalls)
            Proxy.newProxyInstance(
                DescriptorCalls.class.getClassLoader(),
                new Class<?>[] {DescriptorCalls.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("send")) {
                    if (left.getAndDecrement() <= 0) {
                      return -1;
                    }
                    int end = (int) arguments[2] + length;
                    byte[] bytes = (byte[]) arguments[1];
                    arguments[1] = Arrays.copyOf(bytes, Math.min(end, bytes.length));
                  }
                  return method.invoke(DescriptorCalls.host(), arguments);
                });
    return new HeapSocket(pair.here(), false, calls);
  }

  @Test
  void aMessageThatIsSentInPartsHasOneDescriptor() throws Exception {
    assertTrue(sendingInParts(7, 10).send(heap, LONG));
    try (Heap received = receive(HeapSocket.over(pair.there()), LONG).orElseThrow()) {
      assertEquals(heap.id(), received.id());
    }
  }

  @Test
  void aReceiverThatTakesAPartOnlyIsToldFromOneThatTakesNothing() throws Exception {
    assertFalse(sendingInParts(7, 0).send(heap, SHORT));
    StalledPeerException thrown =
        assertThrows(StalledPeerException.class, () -> sendingInParts(7, 2).send(heap, SHORT));
    assertTrue(thrown.getMessage().contains("after 14 of the 64 bytes"), thrown::getMessage);
  }

  @Test
  void afterARefusalTheNextHeapIsReceived() throws Exception {
    pair.send(message(), 0);
    refused(NoDescriptorException.class);
    HeapSocket.over(pair.here()).send(heap, LONG);
    receive(HeapSocket.over(pair.there()), LONG).orElseThrow().close();
    pair.here().write(ByteBuffer.wrap(new byte[1]));
  }
}
