package dev.rszshm.heap;

import dev.rszshm.heap.errors.DescriptorsLostException;
import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.heap.errors.SystemCallException;
import dev.rszshm.heap.spi.Errno;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** Receives a heap while this process has as many open files as it may have, but for one. */
final class FullTableMain {
  private FullTableMain() {}

  public static void main(String[] arguments) throws Exception {
    Path directory = Files.createDirectory(Path.of(arguments[0]));
    Duration limit = Duration.ofSeconds(10);
    HeapBuilder anywhere = Heap.builder().anyAddress();
    Deque<HeapDescriptor> others = new ArrayDeque<>();
    try (SocketPair pair = SocketPair.in(directory);
        Heap heap = Heap.builder().span(1 << 20).createAnonymous()) {
      HeapSocket sender = HeapSocket.over(pair.here());
      HeapSocket receiver = HeapSocket.over(pair.there());
      // Everything is loaded then: a class that comes later may need an open file.
      receiver.receive(Duration.ZERO);
      sender.send(heap, limit);
      receiver.receive(anywhere, limit).orElseThrow().close();
      loadFailure();
      sender.send(heap, limit);
      sender.send(heap, limit);
      fill(heap, others);
      // One for the socket; the descriptor of the message would be the next.
      others.pop().close();
      String first;
      try {
        receiver.receive(anywhere, limit).orElseThrow().close();
        first = "the heap";
      } catch (HeapException e) {
        first = e.getClass().getSimpleName();
      }
      others.forEach(HeapDescriptor::close);
      receiver.receive(anywhere, limit).orElseThrow().close();
      System.out.println(first + ", then the heap");
    }
  }

  private static void fill(Heap heap, Deque<HeapDescriptor> others) {
    try {
      while (true) {
        others.push(heap.descriptor().duplicate());
      }
    } catch (SystemCallException full) {
      if (full.errno() != Errno.EMFILE) {
        throw full;
      }
    }
  }

  private static void loadFailure() {
    if (!new DescriptorsLostException("").getMessage().isEmpty()) {
      throw new AssertionError("the message is another");
    }
  }
}
