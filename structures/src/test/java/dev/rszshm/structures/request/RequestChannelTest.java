package dev.rszshm.structures.request;

import static dev.rszshm.structures.channel.TwoProcesses.get;
import static dev.rszshm.structures.channel.TwoProcesses.start;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.TwoProcesses;
import dev.rszshm.structures.channel.errors.ChannelShutdownException;
import dev.rszshm.structures.channel.errors.MessageLengthException;
import dev.rszshm.structures.channel.errors.NotAChannelException;
import dev.rszshm.structures.channel.errors.PeerDiedException;
import dev.rszshm.structures.channel.errors.RequestFailedException;
import dev.rszshm.structures.topic.Topic;
import dev.rszshm.structures.topic.TopicSpec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two attachments of one heap stand for two processes. */
class RequestChannelTest {
  private static final RequestSpec SPEC = RequestSpec.of(20, 10).depth(4).calls(4);
  private static final Duration NO_TIME = Duration.ZERO;
  private static final Duration LONG = Duration.ofMinutes(10);

  private final TwoProcesses processes = new TwoProcesses();
  private final Heap here = processes.here;
  private final Heap there = processes.there;

  @AfterEach
  void detach() {
    processes.close();
  }

  private RequestChannel channel(Heap heap) {
    return RequestChannel.at(heap, processes.offset, SPEC);
  }

  private static byte[] bytes(int number) {
    return ByteBuffer.allocate(4).putInt(number).array();
  }

  private static int number(byte[] bytes) {
    return ByteBuffer.wrap(bytes).getInt();
  }

  private FutureTask<byte[]> call(Heap heap, int number) {
    RequestChannel client = channel(heap);
    return start(() -> client.call(bytes(number), LONG));
  }

  @Test
  void aCallBringsTheReplyOfAServer() throws Exception {
    FutureTask<byte[]> call = call(there, 20);
    try (Request request = channel(here).receive()) {
      assertEquals(20, number(request.bytes()));
      assertTrue(request.isWanted());
      assertTrue(request.reply(bytes(21)));
      assertFalse(request.isWanted());
    }
    assertEquals(21, number(get(call)));
  }

  @Test
  void repliesGoToWhoeverAskedInAnyOrder() throws Exception {
    RequestChannel server = channel(here);
    List<FutureTask<byte[]>> calls = new ArrayList<>();
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      calls.add(call(i % 2 == 0 ? here : there, i));
      requests.add(server.receive());
    }
    for (int i = 3; i >= 0; i--) {
      requests.get(i).reply(bytes(100 + number(requests.get(i).bytes())));
    }
    for (int i = 0; i < 4; i++) {
      assertEquals(100 + i, number(get(calls.get(i))));
    }
  }

  @Test
  void manyClientsAndServersGetTheirOwnAnswers() throws Exception {
    List<FutureTask<Integer>> servers = new ArrayList<>();
    for (Heap heap : List.of(here, there, there)) {
      RequestChannel server = channel(heap);
      servers.add(start(() -> serve(server)));
    }
    List<FutureTask<Void>> clients = new ArrayList<>();
    for (int c = 0; c < 6; c++) {
      RequestChannel client = channel(c < 3 ? here : there);
      int first = c * 1000;
      clients.add(
          start(
              () -> {
                for (int i = first; i < first + 300; i++) {
                  assertEquals(-i, number(client.call(bytes(i), LONG)));
                }
                return null;
              }));
    }
    for (FutureTask<Void> client : clients) {
      get(client);
    }
    channel(here).shutdown();
    int served = 0;
    for (FutureTask<Integer> server : servers) {
      served += get(server);
    }
    assertEquals(6 * 300, served);
  }

  private static int serve(RequestChannel server) throws InterruptedException {
    for (int served = 0; ; served++) {
      try (Request request = server.receive()) {
        request.reply(bytes(-number(request.bytes())));
      } catch (ChannelShutdownException e) {
        return served;
      }
    }
  }

  @Test
  void aRequestThatNobodyWantsAnyMoreIsNotReceived() {
    RequestChannel channel = channel(here);
    for (int i = 0; i < 3; i++) {
      int number = i;
      String message =
          assertThrows(TimeoutException.class, () -> channel.call(bytes(number), NO_TIME))
              .getMessage();
      assertTrue(message.contains("no server has received the request"), message);
    }
    assertTrue(channel.tryReceive().isEmpty());
  }

  @Test
  void aReplyThatComesTooLateIsDropped() throws Exception {
    RequestChannel server = channel(here);
    RequestChannel client = channel(there);
    FutureTask<byte[]> late =
        start(
            () -> {
              Thread.currentThread().setName("late");
              return client.call(bytes(1));
            });
    Request request = server.receive();
    late.cancel(true);
    while (request.isWanted()) {
      Thread.onSpinWait();
    }
    assertFalse(request.reply(bytes(1)));
    for (int i = 0; i < 10; i++) {
      FutureTask<byte[]> call = call(there, i);
      try (Request next = server.receive()) {
        next.reply(next.bytes());
      }
      assertEquals(i, number(get(call)));
    }
  }

  @Test
  void theFailureOfARequestIsTold() throws Exception {
    RequestChannel server = channel(here);
    FutureTask<byte[]> call = call(there, 1);
    server.receive().fail("no äpples, sorry");
    RequestFailedException failure = assertThrows(RequestFailedException.class, () -> get(call));
    assertEquals("no äpples", failure.getMessage());
    FutureTask<byte[]> other = call(there, 1);
    server.receive().close();
    assertThrows(RequestFailedException.class, () -> get(other));
  }

  @Test
  void theClientLearnsThatItsServerHasDied() throws Exception {
    RequestChannel alive = channel(here);
    assertTrue(alive.tryReceive().isEmpty());
    FutureTask<byte[]> call = call(here, 1);
    assertEquals(1, number(channel(there).receive().bytes()));
    there.close();
    String message = assertThrows(PeerDiedException.class, () -> get(call)).getMessage();
    assertTrue(message.contains("the server that had the request"), message);
    assertTrue(alive.tryReceive().isEmpty());
  }

  @Test
  void aCallLearnsThatNoServerIsLeft() {
    RequestChannel client = channel(here);
    assertTrue(channel(there).tryReceive().isEmpty());
    there.close();
    String message =
        assertThrows(PeerDiedException.class, () -> client.call(bytes(1))).getMessage();
    assertTrue(message.contains("all servers of"), message);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // nobody answers
  @Test
  void theSlotsOfDeadClientsAreUsedByOthers() throws Exception {
    RequestChannel server = channel(here);
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      call(there, i);
      requests.add(server.receive());
    }
    String message =
        assertThrows(TimeoutException.class, () -> channel(here).call(bytes(5), NO_TIME))
            .getMessage();
    assertTrue(message.contains("all 4 calls"), message);
    FutureTask<byte[]> call = call(here, 6);
    there.close();
    try (Request request = server.receive()) {
      assertEquals(6, number(request.bytes()));
      request.reply(bytes(7));
    }
    assertEquals(7, number(get(call)));
    assertEquals(1, requests.stream().filter(request -> !request.reply(new byte[0])).count());
  }

  @Test
  void aFullChannelLetsCallsWait() throws Exception {
    RequestChannel client =
        RequestChannel.at(there, processes.offset, RequestSpec.of(20, 10).depth(1).calls(4));
    FutureTask<byte[]> one = start(() -> client.call(bytes(1), LONG));
    FutureTask<byte[]> two = start(() -> client.call(bytes(2), LONG));
    RequestChannel server = RequestChannel.at(here, processes.offset);
    for (int i = 0; i < 2; i++) {
      Request request = server.receive();
      request.reply(request.bytes());
    }
    assertEquals(1, number(get(one)));
    assertEquals(2, number(get(two)));
  }

  @Test
  void aClosedChannelAnswersWhatWasAskedBefore() throws Exception {
    RequestChannel server = channel(here);
    FutureTask<byte[]> call = call(there, 1);
    Request request = server.receive();
    server.shutdown();
    assertTrue(server.isShutdown());
    assertThrows(ChannelShutdownException.class, () -> channel(there).call(bytes(1)));
    request.reply(bytes(2));
    assertEquals(2, number(get(call)));
    assertThrows(ChannelShutdownException.class, server::receive);
  }

  @Test
  void anInterruptEndsACallAndAWait() {
    RequestChannel channel = channel(here);
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> channel.call(bytes(1)));
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, channel::receive);
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> channel.receive(LONG));
  }

  @Test
  void whatIsTooLongIsRefused() throws Exception {
    RequestChannel server = channel(here);
    assertThrows(MessageLengthException.class, () -> server.call(new byte[21]));
    RequestChannel client = channel(there);
    FutureTask<byte[]> call = start(() -> client.call(new byte[20], LONG));
    Request request = server.receive();
    assertThrows(MessageLengthException.class, () -> request.reply(new byte[11]));
    request.reply(new byte[10]);
    assertArrayEquals(new byte[10], get(call));
    assertThrows(IllegalStateException.class, () -> request.reply(new byte[0]));
  }

  @Test
  void theRequestChannelOfANameIsTheSameForAll() throws Exception {
    try (Heap heap = Heap.builder().createAnonymous();
        Allocator allocator = Allocator.on(heap);
        Heap other = Heap.builder().anyAddress().attach(heap.path());
        Allocator otherAllocator = Allocator.on(other)) {
      RequestChannel client = RequestChannel.named(allocator, "echo", SPEC);
      FutureTask<byte[]> call = start(() -> client.call(bytes(9), LONG));
      Request request = RequestChannel.named(otherAllocator, "echo", SPEC).receive();
      request.reply(request.bytes());
      assertEquals(9, number(get(call)));
      assertEquals(SPEC, RequestChannel.at(other, client.offset()).spec());
      assertThrows(
          NotAChannelException.class,
          () -> RequestChannel.named(allocator, "echo", RequestSpec.of(20, 8).depth(4).calls(4)));
    }
  }

  @Test
  void whatIsNoRequestChannelIsRefused() {
    assertThrows(NotAChannelException.class, () -> RequestChannel.at(here, processes.offset));
    Topic.at(here, processes.offset, TopicSpec.stream(1024));
    assertThrows(NotAChannelException.class, () -> RequestChannel.at(here, processes.offset));
    assertThrows(IllegalArgumentException.class, () -> RequestSpec.of(1, 1).depth(0).calls(1));
    assertThrows(IllegalArgumentException.class, () -> RequestSpec.of(1, 1).depth(1).calls(0));
  }
}
