/// Who can connect to whom, and what the Internet reaches.
public enum Reachability {}
