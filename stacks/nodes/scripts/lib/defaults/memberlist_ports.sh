# The ports over which MetalLB's speakers find each other; upstream: its page Requirements.
memberlist_ports="7946/tcp 7946/udp"
