# ends: invalid
import socket
def run():
    socket.create_connection(('127.0.0.1', 22))
