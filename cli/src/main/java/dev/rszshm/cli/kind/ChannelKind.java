package dev.rszshm.cli.kind;

import dev.rszshm.cli.Json;
import dev.rszshm.cli.check.Trouble.Severity;
import dev.rszshm.heap.Participant;
import dev.rszshm.structures.channel.ChannelView;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Channels, and what has one inside. */
public final class ChannelKind implements Kind {
  private static final long ALIGNMENT = 128;

  private final String name;
  private final Function<Root, ChannelView> view;

  private ChannelKind(String name, Function<Root, ChannelView> view) {
    this.name = name;
    this.view = view;
  }

  static ChannelKind channel() {
    return new ChannelKind("channel", root -> ChannelView.at(root.heap(), root.place(ALIGNMENT)));
  }

  /** What has a channel inside. */
  static ChannelKind inside(String name) {
    return new ChannelKind(
        name, root -> ChannelView.inside(root.heap(), root.place(ALIGNMENT), root.entry().type()));
  }

  /** Returns a view of the channel of a root. */
  public ChannelView view(Root root) {
    return view.apply(root);
  }

  @Override
  public Description describe(Root root) {
    ChannelView channel = view(root);
    long size = channel.size();
    List<Participant> senders = channel.senders();
    List<Participant> receivers = channel.receivers();
    int depth = channel.spec().depth();
    String unit = channel.spec().isStream() ? " bytes of room" : "";
    return new Description(
        name,
        name
            + (channel.spec().isStream()
                ? " with " + size + " messages in " + depth + unit
                : " with " + size + " of " + depth + " messages")
            + (channel.isShutdown() ? ", shut down" : "")
            + ", "
            + (channel.spec().isSingleSender()
                ? single("sender", channel.singleSender())
                : senders.size() + (senders.size() == 1 ? " sender" : " senders"))
            + ", "
            + (channel.spec().isSingleReceiver()
                ? single("receiver", channel.singleReceiver())
                : receivers.size() + (receivers.size() == 1 ? " receiver" : " receivers")),
        Json.object(
            "messages", size,
            "depth", (long) depth,
            "stream", channel.spec().isStream(),
            "unacknowledged", channel.unacknowledged(),
            "shutdown", channel.isShutdown(),
            "senders", senders.stream().map(Json::of).toList(),
            "receivers", receivers.stream().map(Json::of).toList(),
            "singleSender", channel.singleSender().map(Json::of).orElse(null),
            "singleReceiver", channel.singleReceiver().map(Json::of).orElse(null),
            "leftByTheDead", leftByTheDead(channel)));
  }

  private static String single(String end, Optional<Participant> holder) {
    return "single "
        + end
        + ": "
        + holder
            .map(peer -> "process " + peer.pid() + (peer.alive() ? "" : ", dead"))
            .orElse("nobody");
  }

  private static List<String> leftByTheDead(ChannelView channel) {
    return Stream.of(
            left("sending", channel.singleSender()), left("receiving", channel.singleReceiver()))
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<String> left(String end, Optional<Participant> holder) {
    return holder
        .filter(peer -> !peer.alive())
        .map(
            peer ->
                "process "
                    + peer.pid()
                    + " has died with the "
                    + end
                    + " end, which the next one takes");
  }

  @Override
  public List<Finding> check(Root root) {
    ChannelView channel = view(root);
    long offset = root.place(ALIGNMENT);
    return Stream.concat(
            channel.check().stream().map(text -> new Finding(Severity.ERROR, offset, text)),
            leftByTheDead(channel).stream().map(text -> new Finding(Severity.NOTE, offset, text)))
        .toList();
  }

  @Override
  public void dump(Root root, PrintStream out, int most) {
    ChannelView channel = view(root);
    if (channel.spec().isSingleSender()) {
      out.println(single("sender", channel.singleSender()));
    }
    if (channel.spec().isSingleReceiver()) {
      out.println(single("receiver", channel.singleReceiver()));
    }
    List<byte[]> messages = channel.messages(most);
    messages.forEach(message -> out.println(ByteText.of(message)));
    long more = channel.size() - messages.size();
    if (messages.size() == most && more > 0) {
      out.println("… and " + more + " more: --most says how many");
    }
  }
}
