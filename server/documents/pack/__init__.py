"""The dispute pack: an order's evidence as one ZIP that a stranger can check without us.

manifest.json       what is inside, each file's hash, each device's chain up to its head
manifest.sig.json   the site's signature over the manifest
keys.json           the public keys of the site and of the devices
records/            what each device signed; receipts/ what the site signed when it came
files/              the photos and signatures, byte for byte as they were sealed
pdf/                the same for people; timeline.json, timeline.txt: what happened to the order
LIMITS.txt          what all this does not prove; verify.html: a verifier that needs no network

Every JSON file is canonical (RFC 8785). The same state of the site gives the same bytes.
"""
