// Only marks the module's root: each kubernetes-*.mod is a module file of its own.
module cdk8s-client-ip/cluster-lab

go 1.26.8
