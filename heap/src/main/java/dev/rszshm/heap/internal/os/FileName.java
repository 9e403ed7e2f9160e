package dev.rszshm.heap.internal.os;

import dev.rszshm.heap.errors.FileNameException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Names of files as the kernel knows them: bytes. The JVM makes text of them, by a charset that the
 * environment sets when it starts; the same one leads back to the same bytes.
 */
final class FileName {
  /** What the JVM puts in the place of bytes that mean nothing in its charset. */
  private static final char REPLACEMENT = '\ufffd';

  private static final Charset CHARSET = charset();

  private FileName() {}

  private static Charset charset() {
    String name = System.getProperty("sun.jnu.encoding");
    return name != null && Charset.isSupported(name)
        ? Charset.forName(name)
        : StandardCharsets.UTF_8;
  }

  /**
   * Returns a name as C takes it, with a zero at the end.
   *
   * @throws FileNameException if the JVM's charset has no bytes for it
   */
  static byte[] toBytes(String name) {
    if (name.indexOf(REPLACEMENT) < 0 && name.indexOf(0) < 0) {
      try {
        ByteBuffer bytes = CHARSET.newEncoder().encode(CharBuffer.wrap(name));
        return Arrays.copyOf(bytes.array(), bytes.limit() + 1);
      } catch (CharacterCodingException e) {
        throw refusal(name, e);
      }
    }
    throw refusal(name, null);
  }

  /** Returns the text of a name. */
  static String toText(byte[] name) {
    return new String(name, CHARSET);
  }

  private static FileNameException refusal(String name, @Nullable CharacterCodingException cause) {
    FileNameException refusal =
        new FileNameException(
            String.format(
                Locale.ROOT,
                "the name %s cannot be expressed in %s, the charset that this JVM uses for names of"
                    + " files: start it with LC_ALL=C.UTF-8 in its environment, or choose another"
                    + " name",
                name,
                CHARSET));
    refusal.initCause(cause);
    return refusal;
  }
}
