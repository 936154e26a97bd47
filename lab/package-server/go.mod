module baremetal-lb/lab/package-server

go 1.24
