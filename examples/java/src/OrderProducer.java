import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.AppInfoParser;

/**
 * A Kafka producer, driven by Leaderfall: acks, idempotence and timeouts as the hello line asks. Beyond the library's own retries
 * nothing is sent again: whether to publish again what is unknown is the scenario's to decide.
 */
final class OrderProducer {
    private final Properties settings;
    private final String topic;
    private final boolean acknowledged;
    private KafkaProducer<byte[], byte[]> producer;

    private OrderProducer(JsonObject hello) {
        JsonObject policy = hello.getAsJsonObject("policy");
        settings = Lines.settings(hello);
        settings.setProperty("acks", policy.get("acks").getAsString());
        settings.setProperty("enable.idempotence", policy.get("idempotent").getAsString());
        settings.setProperty("retries", policy.get("retries").getAsString());
        settings.setProperty("retry.backoff.ms", policy.get("retryInitialMs").getAsString());
        settings.setProperty("retry.backoff.max.ms", policy.get("retryMaxMs").getAsString());
        settings.setProperty("delivery.timeout.ms", "60000");
        settings.setProperty("max.block.ms", "30000");
        settings.setProperty("linger.ms", "2");
        Lines.addOptions(hello, settings);
        topic = hello.getAsJsonObject("destination").get("name").getAsString();
        acknowledged = hello.get("acknowledged").getAsBoolean();
        producer = open();
    }

    public static void main(String[] arguments) throws Exception {
        OrderProducer orders = new OrderProducer(Lines.hello());
        orders.producer.partitionsFor(orders.topic);
        Lines.ready("kafka-clients " + AppInfoParser.getVersion());
        Lines.listen(orders::take);
        Thread.currentThread().join();
    }

    private KafkaProducer<byte[], byte[]> open() {
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private void take(JsonObject line) {
        switch (line.get("type").getAsString()) {
            case "publish" -> publish(line);
            case "flush" -> flush(line);
            case "close" -> {
                producer.close();
                Runtime.getRuntime().halt(0);
            }
            default -> throw new IllegalStateException("unknown line " + line);
        }
    }

    private void publish(JsonObject line) {
        JsonArray messages = line.getAsJsonArray("messages");
        Answer answer = new Answer(line.get("id").getAsLong(), messages.size());
        for (int position = 0; position < messages.size(); position++) {
            JsonObject message = messages.get(position).getAsJsonObject();
            int at = position;
            try {
                producer.send(record(message), (receipt, error) -> answer.end(at, outcome(receipt, error)));
            } catch (RuntimeException error) {
                answer.end(at, outcome(null, error));
            }
        }
    }

    /** A partition that is null is the library's to choose, by the key where there is one. */
    private ProducerRecord<byte[], byte[]> record(JsonObject message) {
        JsonElement partition = message.get("partition");
        JsonElement key = message.get("key");
        return new ProducerRecord<>(
            topic,
            partition.isJsonNull() ? null : partition.getAsInt(),
            key.isJsonNull() ? null : key.getAsString().getBytes(StandardCharsets.UTF_8),
            Lines.bytes(message));
    }

    /** Only an error that proves that nothing was stored is a fail; every other is info: it may or may not have happened. */
    private static JsonObject outcome(RecordMetadata receipt, Exception error) {
        JsonObject outcome = new JsonObject();
        outcome.addProperty("outcome", error == null ? "ok" : error instanceof RecordTooLargeException ? "fail" : "info");
        if (error != null) {
            JsonObject told = new JsonObject();
            told.addProperty("name", error.getClass().getSimpleName());
            told.addProperty("message", String.valueOf(error.getMessage()));
            outcome.add("error", told);
        } else if (receipt != null) {
            outcome.addProperty("partition", receipt.partition());
            if (receipt.hasOffset()) outcome.addProperty("offset", receipt.offset());
        }
        return outcome;
    }

    /** Without acknowledgements the connections are closed: then everything has left, and the broker reads it to the end. */
    private void flush(JsonObject line) {
        producer.flush();
        if (!acknowledged) {
            producer.close();
            producer = open();
            producer.partitionsFor(topic);
        }
        JsonObject flushed = Lines.line("flushed");
        flushed.add("id", line.get("id"));
        Lines.say(flushed);
    }

    /** Collects the ends of one publish's messages, which come in the library's own thread; the last one sends the answer. */
    private static final class Answer {
        private final long id;
        private final JsonObject[] outcomes;
        private int left;

        Answer(long id, int size) {
            this.id = id;
            outcomes = new JsonObject[size];
            left = size;
        }

        synchronized void end(int position, JsonObject outcome) {
            if (outcomes[position] != null) return;
            outcomes[position] = outcome;
            if (--left > 0) return;
            JsonArray all = new JsonArray();
            for (JsonObject each : outcomes) all.add(each);
            JsonObject published = Lines.line("published");
            published.addProperty("id", id);
            published.add("outcomes", all);
            Lines.say(published);
        }
    }
}
