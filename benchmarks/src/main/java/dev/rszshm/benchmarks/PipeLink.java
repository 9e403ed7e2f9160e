package dev.rszshm.benchmarks;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/** A pipe that has a name, in the directory of the members. */
final class PipeLink extends MessageLink {
  private final FileOutputStream out;
  private final FileInputStream in;
  private final byte[] bytes;
  private final ByteBuffer message;

  /** Opens one end, and waits until the other member has opened the other end. */
  PipeLink(LapMember member, int index, int length) throws IOException, InterruptedException {
    Path path = member.directory().resolve("pipe-" + index);
    // Whoever comes first makes it: the other one finds it there.
    new ProcessBuilder("mkfifo", "-m", "600", path.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
    boolean sends = member.number() == index % 2;
    out = sends ? new FileOutputStream(path.toFile()) : null;
    in = sends ? null : new FileInputStream(path.toFile());
    bytes = new byte[length];
    message = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
  }

  @Override
  void send(long number) throws IOException {
    message.putLong(0, number);
    message.putLong(bytes.length - Long.BYTES, MessageCheck.lastWord(number));
    out.write(bytes);
  }

  /** Messages of these lengths are written and read whole. */
  @Override
  int receive(MessageCheck check) throws IOException {
    int size = in.read(bytes);
    long last = message.getLong(bytes.length - Long.BYTES);
    check.accept(size, bytes.length, message.getLong(0), last);
    return 1;
  }
}
