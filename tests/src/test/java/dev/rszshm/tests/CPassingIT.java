package dev.rszshm.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.HeapSocket;
import dev.rszshm.heap.Participant;
import dev.rszshm.heap.errors.ForeignPeerException;
import dev.rszshm.heap.errors.HeapAccessDeniedException;
import dev.rszshm.testkit.process.WorkerExit;
import dev.rszshm.testkit.process.WorkerProcess;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A C program, written from docs/FORMAT.md, that gets a heap from a JVM and sends one back. */
class CPassingIT {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final int NOBODY = 65_534;

  private static CPeer c;

  @TempDir Path directory;

  private ServerSocketChannel server;
  private Path path;

  @BeforeAll
  static void compile(@TempDir Path build) {
    c = CPeer.compile(build, "rszshm_pass");
  }

  @BeforeEach
  void listen() throws IOException {
    path = directory.resolve("socket");
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(path));
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  private static Heap asking(String permissions) {
    Heap heap =
        Heap.builder()
            .span(1L << 30)
            .permissions(PosixFilePermissions.fromString(permissions))
            .createAnonymous();
    heap.putUtf8(heap.dataOffset(), "asked by Java\0");
    return heap;
  }

  private static String answer(Heap heap) {
    return heap.getUtf8(heap.dataOffset() + 100, "answered by C".length());
  }

  @Test
  void cGetsAHeapFromJavaAndSendsOneBack() throws Exception {
    try (Heap heap = asking("rw-------");
        WorkerProcess peer = c.start(path);
        SocketChannel channel = server.accept()) {
      assertEquals(peer.pid(), HeapSocket.over(channel).peer().pid());
      heap.growTo(1 << 20);
      assertTrue(HeapSocket.over(channel).send(heap, LIMIT));
      peer.expect(
          "received 0x%x with %d bytes: asked by Java".formatted(heap.address(), heap.length()));
      assertEquals("answered by C", answer(heap));
      Participant participant = heap.participants().get(1);
      assertEquals(peer.pid(), participant.pid());
      assertTrue(heap.isAlive(participant.slot(), participant.generation()));
      try (Heap own = HeapSocket.over(channel).receive(LIMIT).orElseThrow()) {
        peer.expect("sent 0x" + Long.toHexString(own.base()));
        assertTrue(own.isPlain());
        assertTrue(own.descriptor().isSealed());
        assertEquals("made by C", own.getUtf8(own.dataOffset(), "made by C".length()));
        channel.close();
        peer.awaitSuccess();
        own.putLong(own.growTo(1 << 20) - 8, 1);
      }
      assertFalse(heap.isAlive(participant.slot(), participant.generation()));
    }
  }

  @Test
  void aKilledCReceiverIsDeadForJava() throws Exception {
    try (Heap heap = asking("rw-------");
        WorkerProcess peer = c.start(path);
        SocketChannel channel = server.accept()) {
      HeapSocket.over(channel).send(heap, LIMIT);
      peer.next();
      Participant participant = heap.participants().get(1);
      peer.kill();
      assertFalse(heap.isAlive(participant.slot(), participant.generation()));
    }
  }

  @Test
  void cRefusesWhatIsNoMessage() throws Exception {
    try (WorkerProcess peer = c.start(path);
        SocketChannel channel = server.accept()) {
      channel.write(ByteBuffer.wrap("hello".getBytes(StandardCharsets.US_ASCII)));
      assertEquals(new WorkerExit(2), peer.await());
      assertTrue(peer.errors().contains("something else came"), peer.errors());
    }
    try (WorkerProcess peer = c.start(path)) {
      server.accept().close();
      assertEquals(new WorkerExit(1), peer.await());
      assertTrue(peer.errors().contains("has closed the socket"), peer.errors());
    }
  }

  /** The program as another user, where this one may become one. */
  private WorkerProcess startAsNobody() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "skipped: there is no setpriv");
    assumeTrue((int) Files.getAttribute(path, "unix:uid") == 0, "skipped: this is not root");
    open(path, "rwxrwxrwx");
    open(directory, "rwxr-xr-x");
    open(c.program().getParent(), "rwxr-xr-x");
    String user = Integer.toString(NOBODY);
    return WorkerProcess.start(
        LIMIT,
        List.of(
            "setpriv",
            "--reuid=" + user,
            "--regid=" + user,
            "--clear-groups",
            c.program().toString(),
            path.toString()));
  }

  private static void open(Path file, String permissions) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }

  @Test
  void anotherUserGetsAHeapOnlyIfBothTheSocketAndTheFileAreOpenToHim() throws Exception {
    try (Heap shut = asking("rw-------");
        WorkerProcess peer = startAsNobody();
        SocketChannel channel = server.accept()) {
      HeapSocket socket = HeapSocket.over(channel);
      assertEquals(NOBODY, socket.peer().user());
      ForeignPeerException thrown =
          assertThrows(ForeignPeerException.class, () -> socket.send(shut, LIMIT));
      assertTrue(thrown.getMessage().contains("belongs to user " + NOBODY), thrown::getMessage);
      assertThrows(ForeignPeerException.class, () -> socket.receive(Duration.ZERO));
      assertTrue(socket.foreignPeer().send(shut, LIMIT));
      assertEquals(new WorkerExit(2), peer.await());
      assertTrue(peer.errors().contains("Permission denied"), peer.errors());
    }
    try (Heap open = asking("rw-rw-rw-");
        WorkerProcess peer = startAsNobody();
        SocketChannel channel = server.accept()) {
      HeapSocket socket = HeapSocket.over(channel).foreignPeer();
      assertTrue(socket.send(open, LIMIT));
      assertTrue(peer.next().startsWith("received "));
      assertEquals("answered by C", answer(open));
      // What he has made belongs to him.
      HeapAccessDeniedException thrown =
          assertThrows(HeapAccessDeniedException.class, () -> socket.receive(LIMIT));
      assertTrue(thrown.getMessage().contains("belongs to user " + NOBODY), thrown::getMessage);
    }
    try (Heap open = asking("rw-rw-rw-");
        WorkerProcess peer = startAsNobody();
        SocketChannel channel = server.accept()) {
      HeapSocket socket = HeapSocket.over(channel).foreignPeer();
      assertTrue(socket.send(open, LIMIT));
      try (Heap own = socket.receive(Heap.builder().foreignOwner(), LIMIT).orElseThrow()) {
        assertEquals("made by C", own.getUtf8(own.dataOffset(), "made by C".length()));
      }
      channel.close();
      peer.awaitSuccess();
    }
  }
}
