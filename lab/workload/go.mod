module baremetal-lb/lab/workload

go 1.24
