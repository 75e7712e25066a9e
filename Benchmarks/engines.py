#!/usr/bin/env python3
"""Measures `demarc access risks` and `demarc reach` on estates of growing size; prints rows for docs/performance.md.

DEMARC: the binary (default .build/release/demarc)."""
import json,os,random,subprocess
B=os.environ.get("DEMARC",".build/release/demarc")
G="rbac.authorization.k8s.io"
def rbac(nb):
    random.seed(1); items=[]; verbs=["get","list","watch","create","update","patch","delete"]
    res=[("","pods"),("","configmaps"),("apps","deployments"),("","services"),("batch","jobs"),("","secrets")]
    N=nb//200; S=nb//10
    for n in range(N):
        for r in range(4):
            g,p=random.choice(res)
            items.append({"apiVersion":G+"/v1","kind":"Role","metadata":{"name":f"r{r}","namespace":f"n{n}"},"rules":[{"apiGroups":[g],"resources":[p],"verbs":random.sample(verbs,3)}]})
    for b in range(nb):
        n=random.randrange(N); s=random.randrange(S)
        sub={"kind":"ServiceAccount","name":f"sa{s%20}","namespace":f"n{s//20}"} if s%2 else {"kind":"User","name":f"u{s}","apiGroup":G}
        items.append({"apiVersion":G+"/v1","kind":"RoleBinding","metadata":{"name":f"b{b}","namespace":f"n{n}"},"roleRef":{"apiGroup":G,"kind":"Role","name":f"r{random.randrange(4)}"},"subjects":[sub]})
    items.append({"apiVersion":G+"/v1","kind":"ClusterRoleBinding","metadata":{"name":"ops"},"roleRef":{"apiGroup":G,"kind":"ClusterRole","name":"cluster-admin"},"subjects":[{"kind":"ServiceAccount","name":"sa1","namespace":"n3"}]})
    return items
def net(np):
    random.seed(1); items=[]
    for n in range(np//50):
        items.append({"apiVersion":"v1","kind":"Namespace","metadata":{"name":f"n{n}","labels":{"team":f"t{n%20}"}}})
        for p in range(50):
            items.append({"apiVersion":"v1","kind":"Pod","metadata":{"name":f"p{p}","namespace":f"n{n}","labels":{"app":f"a{p%10}","tier":random.choice(["web","db","job"])}},"spec":{"containers":[{"name":"c","image":"x","ports":[{"name":"http","containerPort":8080}]}]}})
        for k in range(10):
            items.append({"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":f"k{k}","namespace":f"n{n}"},"spec":{"podSelector":{"matchLabels":{"app":f"a{k}"}},"ingress":[{"from":[{"namespaceSelector":{"matchLabels":{"team":f"t{random.randrange(20)}"}},"podSelector":{"matchLabels":{"app":f"a{random.randrange(10)}"}}},{"ipBlock":{"cidr":f"10.{n%250}.0.0/16"}}],"ports":[{"port":random.choice([80,443,8080])}]}]}})
    return items
def run(args,items):
    json.dump({"apiVersion":"v1","kind":"List","items":items},open('engines.tmp.json','w'))
    r=subprocess.run(["/usr/bin/time","-f","%e %U %S %M",B]+args+["engines.tmp.json"],stdout=subprocess.DEVNULL,stderr=subprocess.PIPE,text=True)
    e,u,s,m=r.stderr.strip().split("\n")[-1].split(); return f"{float(e):.2f} | {float(u)+float(s):.2f} | {int(m)/1024:.0f}"
for n in (12500,25000,50000,100000): print(f"| `access risks` | {n//10:,} subjects, {n:,} bindings | {run(['access','risks'],rbac(n))} |",flush=True)
for n in (1250,2500,5000,10000,20000): print(f"| `reach` | {n:,} Pods, {n//5:,} policies | {run(['reach'],net(n))} |",flush=True)
os.remove("engines.tmp.json")
