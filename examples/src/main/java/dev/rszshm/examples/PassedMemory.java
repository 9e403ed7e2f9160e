package dev.rszshm.examples;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.HeapSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.time.Duration;

/**
 * One program makes memory that has no name anywhere, and gives it to the other through a socket.
 *
 * <pre>{@code
 * java … dev.rszshm.examples.PassedMemory /tmp/socket give
 * java … dev.rszshm.examples.PassedMemory /tmp/socket take
 * }</pre>
 */
public final class PassedMemory {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private PassedMemory() {}

  /** Takes the path of the socket, and {@code give} or {@code take}. */
  public static void main(String[] args) throws Exception {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(args[0]);
    if (args[1].equals("take")) {
      try (SocketChannel channel = SocketChannel.open(address);
          Heap heap = HeapSocket.over(channel).receive(LIMIT).orElseThrow()) {
        long text = heap.dataOffset();
        System.out.println("found: " + heap.getUtf8(text + 4, heap.getIntAcquire(text)));
        put(heap, text + 100, "thank you, from process " + ProcessHandle.current().pid());
        channel.write(ByteBuffer.allocate(1));
      }
      return;
    }
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      System.out.println("waiting at " + server.bind(address).getLocalAddress());
      try (SocketChannel channel = server.accept();
          Heap heap = Heap.builder().memoryName("passed").createAnonymous()) {
        long answer = heap.dataOffset() + 100;
        put(heap, heap.dataOffset(), "hello from process " + ProcessHandle.current().pid());
        HeapSocket.over(channel).send(heap, LIMIT);
        boolean done = channel.read(ByteBuffer.allocate(1)) == 1; // not if the other has died
        String text = done ? heap.getUtf8(answer + 4, heap.getIntAcquire(answer)) : "none";
        System.out.println("answer: " + text);
      }
    }
    Files.delete(address.getPath());
  }

  private static void put(Heap heap, long length, String text) {
    heap.putIntRelease(length, heap.putUtf8(length + 4, text)); // the length last
  }
}
