package dev.rszshm.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

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

  /**
   * Writes a field whose value is a string, a number, a boolean, a list or a map of these, or null.
   */
  public static void field(JsonGenerator json, String name, Object value) throws IOException {
    json.writeFieldName(name);
    value(json, value);
  }

  private static void value(JsonGenerator json, Object value) throws IOException {
    if (value instanceof Map<?, ?> map) {
      json.writeStartObject();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        field(json, entry.getKey().toString(), entry.getValue());
      }
      json.writeEndObject();
    } else if (value instanceof List<?> list) {
      json.writeStartArray();
      for (Object element : list) {
        value(json, element);
      }
      json.writeEndArray();
    } else if (value instanceof Long || value instanceof Integer) {
      json.writeNumber(((Number) value).longValue());
    } else if (value instanceof Double number) {
      json.writeNumber(number);
    } else if (value instanceof Boolean truth) {
      json.writeBoolean(truth);
    } else if (value == null) {
      json.writeNull();
    } else {
      json.writeString(value.toString());
    }
  }

  /** Writes one object from its fields. */
  public static void write(PrintStream out, Map<String, ?> fields) {
    write(
        out,
        json -> {
          for (Map.Entry<String, ?> entry : fields.entrySet()) {
            field(json, entry.getKey(), entry.getValue());
          }
        });
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
