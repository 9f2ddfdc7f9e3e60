"""The wire: connect, come back, publish, subscribe. The only place that imports an MQTT client."""
