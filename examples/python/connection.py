"""What both programs share about RabbitMQ: where to connect, and to which node first."""

import pika


def parameters(hello):
    """Connection parameters in the order to try them: near the queue's leader, away from it, or by turns."""
    endpoints = hello["endpoints"]
    start = hello["index"] % len(endpoints)
    endpoints = endpoints[start:] + endpoints[:start]
    wanted = hello["policy"].get("connectTo", "any")
    if wanted != "any":
        endpoints.sort(key=lambda endpoint: (endpoint["node"] == hello["leader"]) == (wanted == "other"))
    return [
        pika.ConnectionParameters(
            host=endpoint["host"],
            port=endpoint["port"],
            heartbeat=hello["policy"].get("heartbeatSeconds", 2),
            blocked_connection_timeout=30,
            socket_timeout=2,
            stack_timeout=5,
            client_properties={"connection_name": f"python {hello['role']} {hello['index']}"},
        )
        for endpoint in endpoints
    ]
