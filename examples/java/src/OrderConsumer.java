import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.AppInfoParser;

/**
 * A Kafka consumer, driven by Leaderfall: it commits after processing, before it, or leaves that to the library's auto-commit, as the
 * hello line asks. Each step is told to the worker and goes on once it is recorded, which makes a crash between two steps exact.
 */
final class OrderConsumer {
    /** One record that was processed while the library commits by itself: its batch, its place in it, and its offset. */
    private record Uncommitted(long batch, int position, long offset) {}

    private static OrderConsumer running;

    private final BlockingQueue<JsonObject> inbox = new LinkedBlockingQueue<>();
    private final String settle;
    private final String topic;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, ArrayDeque<Uncommitted>> uncommitted = new HashMap<>();
    private volatile boolean closing;
    private boolean ready;
    private long nextBatch;

    private OrderConsumer(JsonObject hello) {
        JsonObject policy = hello.getAsJsonObject("policy");
        JsonObject destination = hello.getAsJsonObject("destination");
        settle = hello.get("settle").getAsString();
        topic = destination.get("name").getAsString();
        Properties settings = Lines.settings(hello);
        settings.setProperty("group.id", destination.get("group").getAsString());
        settings.setProperty("enable.auto.commit", String.valueOf(automatic()));
        settings.setProperty("auto.commit.interval.ms", policy.get("autoCommitIntervalMs").getAsString());
        settings.setProperty("auto.offset.reset", policy.get("autoOffsetReset").getAsString());
        settings.setProperty("session.timeout.ms", policy.get("sessionTimeoutMs").getAsString());
        settings.setProperty("heartbeat.interval.ms", policy.get("heartbeatIntervalMs").getAsString());
        settings.setProperty("fetch.max.wait.ms", policy.get("maxWaitMs").getAsString());
        settings.setProperty("max.poll.records", hello.get("prefetch").getAsInt() > 0 ? hello.get("prefetch").getAsString() : "500");
        settings.setProperty("interceptor.classes", Commits.class.getName());
        Lines.addOptions(hello, settings);
        consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    public static void main(String[] arguments) throws Exception {
        OrderConsumer orders = new OrderConsumer(Lines.hello());
        running = orders;
        Lines.listen(orders::take);
        orders.consumer.subscribe(List.of(orders.topic), orders.new Rebalances());
        while (!orders.closing) orders.turn(orders.consumer.poll(Duration.ofMillis(200)));
        // Commits once more where the library commits by itself, and leaves the group.
        orders.consumer.close(CloseOptions.timeout(Duration.ofSeconds(3)));
        Runtime.getRuntime().halt(0);
    }

    /** Your own code goes here: what is done with a record. An exception ends the program, and the worker tells why. */
    private void handle(ConsumerRecord<byte[], byte[]> order) {}

    private boolean automatic() {
        return settle.equals("automatic");
    }

    private void take(JsonObject line) {
        if (line.get("type").getAsString().equals("close")) closing = true;
        else inbox.add(line);
    }

    private void turn(ConsumerRecords<byte[], byte[]> records) throws InterruptedException {
        if (records.isEmpty()) return;
        List<ConsumerRecord<byte[], byte[]>> orders = new ArrayList<>();
        records.forEach(orders::add);
        long batch = nextBatch++;
        step("delivered", batch, delivered(orders));
        if (settle.equals("before-processing") && commit(orders)) step("settled", batch, null);
        orders.forEach(this::handle);
        step("processed", batch, null);
        if (settle.equals("after-processing") && commit(orders)) step("settled", batch, null);
        if (automatic()) remember(batch, orders);
    }

    /** Says that a step is done, and waits until the worker has recorded it. */
    private void step(String type, long batch, JsonArray messages) throws InterruptedException {
        JsonObject line = Lines.line(type);
        line.addProperty("batch", batch);
        if (messages != null) line.add("messages", messages);
        Lines.say(line);
        JsonObject answer = inbox.take();
        while (!answer.get("of").getAsString().equals(type) || answer.get("batch").getAsLong() != batch) answer = inbox.take();
    }

    private static JsonArray delivered(List<ConsumerRecord<byte[], byte[]>> orders) {
        JsonArray messages = new JsonArray();
        for (ConsumerRecord<byte[], byte[]> order : orders) {
            JsonObject message = new JsonObject();
            message.addProperty("payload", Lines.text(order.value()));
            message.addProperty("partition", order.partition());
            message.addProperty("offset", order.offset());
            messages.add(message);
        }
        return messages;
    }

    /** False: the broker was not told, as after a rebalance; then these come again, here or elsewhere, and nothing is said to be settled. */
    private boolean commit(List<ConsumerRecord<byte[], byte[]>> orders) {
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> order : orders) {
            next.put(new TopicPartition(order.topic(), order.partition()), new OffsetAndMetadata(order.offset() + 1));
        }
        try {
            consumer.commitSync(next, Duration.ofSeconds(10));
            return true;
        } catch (KafkaException error) {
            Lines.note("not committed: " + error);
            return false;
        }
    }

    private void remember(long batch, List<ConsumerRecord<byte[], byte[]>> orders) {
        for (int position = 0; position < orders.size(); position++) {
            ConsumerRecord<byte[], byte[]> order = orders.get(position);
            uncommitted.computeIfAbsent(new TopicPartition(order.topic(), order.partition()), partition -> new ArrayDeque<>())
                .add(new Uncommitted(batch, position, order.offset()));
        }
    }

    /** The library committed by itself, in a poll or while closing: everything before these offsets is settled. */
    private void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
        Map<Long, JsonArray> settled = new HashMap<>();
        offsets.forEach((partition, next) -> {
            ArrayDeque<Uncommitted> processed = uncommitted.getOrDefault(partition, new ArrayDeque<>());
            while (!processed.isEmpty() && processed.peek().offset() < next.offset()) {
                Uncommitted order = processed.poll();
                settled.computeIfAbsent(order.batch(), batch -> new JsonArray()).add(order.position());
            }
        });
        settled.forEach((batch, positions) -> {
            JsonObject line = Lines.line("settled");
            line.addProperty("batch", batch);
            line.add("messages", positions);
            Lines.say(line);
        });
    }

    /** The library's only word on what its auto-commit has told the broker. */
    public static final class Commits implements ConsumerInterceptor<byte[], byte[]> {
        @Override
        public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
            if (running.automatic()) running.committed(offsets);
        }

        @Override
        public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
            return records;
        }

        @Override
        public void configure(Map<String, ?> settings) {}

        @Override
        public void close() {}
    }

    private final class Rebalances implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            for (TopicPartition partition : partitions) say("assigned", partition, position(partition));
            if (!ready) Lines.ready("kafka-clients " + AppInfoParser.getVersion());
            ready = true;
            alive(true);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            if (!closing) alive(false);
            for (TopicPartition partition : partitions) {
                // What is not committed by now comes again, here or elsewhere.
                uncommitted.remove(partition);
                say("revoked", partition, null);
            }
        }

        private Long position(TopicPartition partition) {
            try {
                return consumer.position(partition, Duration.ofSeconds(5));
            } catch (KafkaException error) {
                return null;
            }
        }

        private void say(String type, TopicPartition partition, Long offset) {
            JsonObject line = Lines.line(type);
            line.addProperty("partition", partition.partition());
            if (type.equals("assigned")) line.add("offset", offset == null ? JsonNull.INSTANCE : new JsonPrimitive(offset));
            Lines.say(line);
        }

        private void alive(boolean alive) {
            JsonObject line = Lines.line("alive");
            line.addProperty("alive", alive);
            Lines.say(line);
        }
    }
}
