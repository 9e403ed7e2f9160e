package dev.rszshm.heap;

import dev.rszshm.heap.errors.ForeignPeerException;
import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.heap.errors.PeerGoneException;
import dev.rszshm.heap.errors.StalledPeerException;
import dev.rszshm.heap.errors.SystemCallException;
import dev.rszshm.heap.internal.passing.ChannelDescriptor;
import dev.rszshm.heap.internal.passing.PassedHeap;
import dev.rszshm.heap.internal.passing.PassedHeapLayout;
import dev.rszshm.heap.internal.passing.SocketWait;
import dev.rszshm.heap.spi.DescriptorCalls;
import dev.rszshm.heap.spi.Errno;
import dev.rszshm.heap.spi.IncomingMessage;
import dev.rszshm.heap.spi.SystemCalls;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Passes heaps on to other processes, over a Unix domain socket. The other process needs no path to
 * the heap: it may have none, as one that is {@linkplain HeapBuilder#createAnonymous anonymous}, or
 * none there, in another container.
 *
 * <pre>{@code
 * // who has the heap                               // who gets it
 * try (SocketChannel channel = server.accept()) {   try (SocketChannel channel = SocketChannel.open(address)) {
 *   HeapSocket.over(channel).send(heap, second);      Heap heap = HeapSocket.over(channel).receive(second).orElseThrow();
 * }                                                 }
 * }</pre>
 *
 * <p>A message of 64 bytes says which heap it is; the descriptor of its file travels with it. The
 * receiver opens the file anew, checks its header as it does with any file, and that it is the heap
 * of the message, and maps it at its own address. Nothing that was received is trusted, and
 * whatever goes wrong, no descriptor stays open. {@code docs/FORMAT.md} has the message, for
 * programs in other languages.
 *
 * <p>A message that was sent is complete for the receiver, also if the sender has closed the heap
 * or has died since. A process that dies in the midst of sending or receiving harms no heap; the
 * other end gets a {@link PeerGoneException}.
 *
 * <p>The channel stays the caller's. It may be blocking or not, and may be used for something else
 * between messages, but not by two threads in the same direction at once. All methods may be called
 * by any thread.
 */
public final class HeapSocket {
  private final SocketChannel channel;
  private final boolean foreignPeer;
  private final DescriptorCalls calls;
  private final SystemCalls system = SystemCalls.host();

  HeapSocket(SocketChannel channel, boolean foreignPeer, DescriptorCalls calls) {
    this.channel = channel;
    this.foreignPeer = foreignPeer;
    this.calls = calls;
  }

  /**
   * Returns an object that passes heaps on over a channel.
   *
   * @throws IllegalArgumentException if it is no channel of a Unix domain socket
   * @throws NotYetConnectedException if it is not connected
   * @throws IllegalStateException if it is closed
   */
  public static HeapSocket over(SocketChannel channel) {
    try {
      if (channel.getRemoteAddress() == null) {
        throw new NotYetConnectedException();
      }
      if (!(channel.getLocalAddress() instanceof UnixDomainSocketAddress)) {
        throw new IllegalArgumentException(
            "a heap is passed on over a Unix domain socket, found "
                + channel
                + ": open a channel with StandardProtocolFamily.UNIX");
      }
    } catch (IOException e) {
      throw closed(channel, e);
    }
    return new HeapSocket(channel, false, DescriptorCalls.host());
  }

  /**
   * Returns the same for a peer that may belong to another user: sending lets that one write to the
   * heap. Without this, the peer must belong to the user of this process, or to root.
   *
   * @see HeapBuilder#foreignOwner
   */
  public HeapSocket foreignPeer() {
    return new HeapSocket(channel, true, calls);
  }

  /**
   * Returns the process at the other end.
   *
   * @throws IllegalStateException if the channel is closed
   */
  public PeerProcess peer() {
    int socket = socket();
    try {
      return peer(socket);
    } finally {
      system.close(socket);
    }
  }

  private PeerProcess peer(int socket) {
    DescriptorCalls.Peer peer = calls.peer(socket);
    return new PeerProcess(peer.pid(), peer.user(), peer.group());
  }

  /**
   * Sends a heap, and waits until there is room for the message. The receiver may not have taken it
   * yet when this method returns.
   *
   * @param timeout how long to wait for room at most
   * @return whether it was sent; if not, nothing was
   * @throws ForeignPeerException if the peer belongs to another user
   * @throws PeerGoneException if the peer has closed the connection
   * @throws StalledPeerException if the time runs out in the midst of the message
   * @throws IllegalStateException if the heap or the channel is closed
   * @throws InterruptedException if the current thread is interrupted; if it had to wait in the
   *     midst of the message, the connection is of no use any more
   */
  public boolean send(Heap heap, Duration timeout) throws InterruptedException {
    Objects.requireNonNull(timeout, "timeout");
    SocketWait.requireNoInterrupt();
    try (HeapDescriptor descriptor = heap.descriptor().duplicate()) {
      byte[] message = heap.passed().encode();
      int socket = socket();
      try {
        requireOwnPeer(socket, "send " + heap.path() + " to");
        return send(socket, descriptor.number(), message, new SocketWait(calls, channel, timeout));
      } catch (SystemCallException e) {
        throw explain(e, 0);
      } finally {
        system.close(socket);
      }
    }
  }

  private boolean send(int socket, int descriptor, byte[] message, SocketWait wait)
      throws InterruptedException {
    int sent = 0;
    while (sent < message.length) {
      int more =
          sent == 0
              ? calls.send(socket, message, 0, descriptor)
              : calls.send(socket, message, sent);
      if (more > 0) {
        sent += more;
      } else if (!wait.await(socket, true)) {
        if (sent == 0) {
          return false;
        }
        throw stalled(sent);
      }
    }
    return true;
  }

  /**
   * Receives a heap and attaches to it with default settings.
   *
   * @see #receive(HeapBuilder, Duration)
   */
  public Optional<Heap> receive(Duration timeout) throws InterruptedException {
    return receive(Heap.builder(), timeout);
  }

  /**
   * Waits for a heap, and attaches to it with the settings of a builder.
   *
   * @param builder attaches to the heap; it must be used by no other thread meanwhile
   * @param timeout how long to wait for the message at most
   * @return the heap, or empty if no part of a message came in time
   * @throws ForeignPeerException if the peer belongs to another user
   * @throws PeerGoneException if the peer closes the connection before it has sent a message
   * @throws StalledPeerException if the time runs out in the midst of the message
   * @throws dev.rszshm.heap.errors.NotAHeapMessageException if something else comes
   * @throws dev.rszshm.heap.errors.NoDescriptorException if a message comes without a descriptor
   * @throws dev.rszshm.heap.errors.DescriptorsLostException if this process has too many open files
   * @throws dev.rszshm.heap.errors.OtherHeapException if the message describes another heap
   * @throws HeapException of another kind, for the same reasons as {@link
   *     HeapBuilder#attach(HeapDescriptor)}
   * @throws IllegalStateException if the channel is closed
   * @throws InterruptedException if the current thread is interrupted; if a part of the message had
   *     come, the connection is of no use any more
   */
  public Optional<Heap> receive(HeapBuilder builder, Duration timeout) throws InterruptedException {
    Objects.requireNonNull(builder, "builder");
    Objects.requireNonNull(timeout, "timeout");
    SocketWait.requireNoInterrupt();
    int socket = socket();
    try (IncomingMessage message = new IncomingMessage(system, PassedHeapLayout.MESSAGE_LENGTH)) {
      requireOwnPeer(socket, "receive a heap from");
      try {
        if (!fill(socket, message, new SocketWait(calls, channel, timeout))) {
          return Optional.empty();
        }
      } catch (SystemCallException e) {
        throw explain(e, message.length());
      }
      PassedHeap passed = PassedHeap.decode(message);
      HeapDescriptor descriptor = HeapDescriptor.of(message.descriptor(0));
      return Optional.of(builder.attach(descriptor, passed::check));
    } finally {
      system.close(socket);
    }
  }

  private boolean fill(int socket, IncomingMessage message, SocketWait wait)
      throws InterruptedException {
    while (message.missing() > 0) {
      int came = calls.receive(socket, message);
      PassedHeap.checkBeginning(message);
      if (came == 0) {
        throw gone(message.length());
      }
      if (came < 0 && !wait.await(socket, false)) {
        if (message.length() == 0) {
          return false;
        }
        throw stalled(message.length());
      }
    }
    return true;
  }

  private int socket() {
    try {
      return new ChannelDescriptor(system, calls).duplicate(channel);
    } catch (IOException e) {
      throw closed(channel, e);
    }
  }

  private void requireOwnPeer(int socket, String purpose) {
    PeerProcess peer = peer(socket);
    int user = system.effectiveUser();
    if (!foreignPeer && peer.user() != user && peer.user() != 0) {
      throw new ForeignPeerException(
          "will not "
              + purpose
              + " process "
              + peer.pid()
              + ", which belongs to user "
              + peer.user()
              + ", not to user "
              + user
              + " or root. If you trust it, use foreignPeer()");
    }
  }

  private static HeapException explain(SystemCallException e, int length) {
    HeapException explained =
        switch (e.errno()) {
          case Errno.EPIPE, Errno.ECONNRESET, Errno.ENOTCONN -> gone(length);
          default -> e;
        };
    if (explained != e) {
      explained.initCause(e);
    }
    return explained;
  }

  private static PeerGoneException gone(int length) {
    return new PeerGoneException(
        "the process at the other end of the socket has closed it or has died, after "
            + length
            + " of the "
            + PassedHeapLayout.MESSAGE_LENGTH
            + " bytes that pass a heap on: connect again");
  }

  private static StalledPeerException stalled(int length) {
    return new StalledPeerException(
        "the process at the other end of the socket has stood still after "
            + length
            + " of the "
            + PassedHeapLayout.MESSAGE_LENGTH
            + " bytes that pass a heap on: close this connection, and connect again");
  }

  private static IllegalStateException closed(SocketChannel channel, IOException cause) {
    String state = cause instanceof ClosedChannelException ? " is closed" : " cannot be used";
    return new IllegalStateException(channel + state, cause);
  }

  @Override
  public String toString() {
    return "HeapSocket[" + channel + "]";
  }
}
