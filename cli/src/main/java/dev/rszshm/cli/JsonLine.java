package dev.rszshm.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** Writes objects as JSON, each in one line. */
public final class JsonLine {
  private JsonLine() {}

  /** Writes the fields of an object. */
  public interface Fields {
    /** Writes them. */
    void write(JsonGenerator json) throws IOException;
  }

  /** Writes one object. */
  public static void write(PrintStream out, Fields fields) {
    StringWriter line = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(line)) {
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out.println(line);
    out.flush();
  }

  /** Writes what went wrong. */
  public static void error(PrintStream err, String kind, String message) {
    write(
        err,
        json -> {
          json.writeStringField("error", message);
          json.writeStringField("kind", kind);
        });
  }
}
