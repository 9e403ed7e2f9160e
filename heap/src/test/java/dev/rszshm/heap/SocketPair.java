package dev.rszshm.heap;

import dev.rszshm.heap.internal.passing.ChannelDescriptor;
import dev.rszshm.heap.spi.DescriptorCalls;
import dev.rszshm.heap.spi.SystemCalls;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Two connected channels, of which the tests send through one what no honest program would. */
record SocketPair(SocketChannel here, SocketChannel there) implements AutoCloseable {
  static SocketPair in(Path directory) throws IOException {
    Path path = directory.resolve("socket");
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(path);
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(address);
      SocketChannel here = SocketChannel.open(address);
      return new SocketPair(here, server.accept());
    } finally {
      Files.deleteIfExists(path);
    }
  }

  /** Sends a part of a message from here, and descriptors with it. */
  int send(byte[] bytes, int from, int... descriptors) throws IOException {
    DescriptorCalls calls = DescriptorCalls.host();
    int socket = new ChannelDescriptor(SystemCalls.host(), calls).duplicate(here);
    try {
      return calls.send(socket, bytes, from, descriptors);
    } finally {
      SystemCalls.host().close(socket);
    }
  }

  @Override
  public void close() throws IOException {
    here.close();
    there.close();
  }
}
